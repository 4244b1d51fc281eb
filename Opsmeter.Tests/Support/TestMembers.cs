namespace Opsmeter.Tests.Support;

/// <summary>More members: they cannot be invited yet, so that they are copies of the first under other names.</summary>
internal static class TestMembers
{
    /// <summary>Adds one with the first one's password.</summary>
    /// <param name="dataFolder">The data folder of a process that has an admin.</param>
    /// <param name="name">The part of the e-mail before <c>@example.com</c>.</param>
    /// <param name="role">The role, by name.</param>
    public static string Add(string dataFolder, string name, string role)
    {
        var email = name + "@example.com";
        var columns = TestSql.Run(dataFolder, "SELECT group_concat(name) FROM pragma_table_info('members')")!.Split(',');
        var copied = columns.Select(column => column switch
        {
            "id" => $"'{name}'",
            "email" or "user_name" => $"'{email}'",
            "normalized_email" or "normalized_user_name" => $"'{email.ToUpperInvariant()}'",
            _ => column,
        });
        TestSql.Run(dataFolder, $"INSERT INTO members ({string.Join(',', columns)}) SELECT {string.Join(',', copied)} FROM members WHERE email = '{OpsmeterProcess.AdminEmail}'");
        TestSql.Run(dataFolder, $"INSERT INTO memberships (workspace_id, member_id, role) SELECT workspace_id, '{name}', '{role}' FROM memberships LIMIT 1");
        return email;
    }
}

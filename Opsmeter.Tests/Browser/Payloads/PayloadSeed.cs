using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>
/// Payloads where no route takes them: in the names of members, workspaces, views, sessions and invitations. What the forms
/// would refuse is written into the store itself, since a page must be safe from whatever lies there.
/// </summary>
internal static class PayloadSeed
{
    private const int MostSessions = 20;
    private const int SecretLength = 40;

    /// <summary>The secret of a payload's invitation.</summary>
    public static string SecretOf(ScriptPayload payload) => $"invitation{payload.Number:D2}".PadRight(SecretLength, 'x');

    /// <summary>Writes them into a store that no process has open.</summary>
    public static void Write(string dataFolder, IReadOnlyList<ScriptPayload> payloads)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (at, later) = (now.UtcTicks, now.AddDays(1).UtcTicks);
        var columns = TestSql.Run(dataFolder, "SELECT group_concat(name) FROM pragma_table_info('members')")!.Split(',');
        var statements = new StringBuilder("BEGIN;");
        foreach (var payload in payloads)
        {
            var (n, text) = (payload.Number, $"'{payload.Text.Replace("'", "''", StringComparison.Ordinal)}'");
            var copied = columns.Select(column => column switch
            {
                "id" => $"'member-{n}'",
                "email" or "user_name" => text,
                "normalized_email" or "normalized_user_name" => $"upper({text})",
                _ => column,
            });
            statements.Append(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO members ({string.Join(',', columns)}) SELECT {string.Join(',', copied)} FROM members WHERE email = '{OpsmeterProcess.AdminEmail}';
                INSERT INTO memberships (workspace_id, member_id, role) VALUES (1, 'member-{n}', 'Viewer');
                INSERT INTO workspaces (id, name, settings, version, created_ticks) SELECT {100 + n}, {text}, settings, version, created_ticks FROM workspaces WHERE id = 1;
                INSERT INTO memberships (workspace_id, member_id, role) SELECT {100 + n}, id, 'Admin' FROM members WHERE email = '{OpsmeterProcess.AdminEmail}';
                INSERT INTO saved_views (workspace_id, member_id, name, page, query, created_ticks)
                    SELECT 1, id, {text}, 'endpoints', '?endpoint={Sql(payload.Escaped)}', {at} FROM members WHERE email = '{OpsmeterProcess.AdminEmail}';
                INSERT INTO account_links (kind, workspace_id, email, role, hash, created_ticks, created_by, expires_ticks)
                    VALUES ('Invitation', {100 + n}, {text}, 'Viewer', x'{HashOf(payload)}', {at}, {text}, {later}),
                           ('Invitation', 1, {text}, 'Viewer', x'{Convert.ToHexString(RandomNumberGenerator.GetBytes(32))}', {at}, {text}, {later});
                """);
        }

        foreach (var payload in payloads.Take(MostSessions))
        {
            var text = $"'{Sql(payload.Text)}'";
            statements.Append(
                CultureInfo.InvariantCulture,
                $"""
                INSERT INTO sessions (id, member_id, workspace_id, created_ticks, seen_ticks, address, agent, means)
                    SELECT 'session-{payload.Number}', id, 1, {at - 1}, {at - 1}, {text}, {text}, {text} FROM members WHERE email = '{OpsmeterProcess.AdminEmail}';
                """);
        }

        TestSql.Run(dataFolder, statements.Append("COMMIT;").ToString());
    }

    private static string Sql(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static string HashOf(ScriptPayload payload) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(SecretOf(payload))));
}

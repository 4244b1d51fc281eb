namespace Opsmeter.Web.Operating;

/// <summary>A backup that is whole and was compared with its hashes.</summary>
/// <param name="Name">Its file's name.</param>
/// <param name="MadeAt">The moment it shows.</param>
/// <param name="Bytes">Its size.</param>
public sealed record BackupItem(string Name, DateTimeOffset MadeAt, long Bytes);

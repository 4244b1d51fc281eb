namespace Opsmeter.Web.Operating;

/// <summary>A backup could not be made or used; the message says why and what to do.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);

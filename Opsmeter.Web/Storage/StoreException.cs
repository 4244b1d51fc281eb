namespace Opsmeter.Web.Storage;

/// <summary>The store cannot be opened. The message is for the operator: what is wrong, and what to do.</summary>
public sealed class StoreException(string message) : Exception(message);

namespace Opsmeter.Web.Storage;

/// <summary>What is done with a database that holds data before this version changes its schema.</summary>
public interface IBeforeUpdate
{
    /// <summary>Does it; the schema is changed once it returns.</summary>
    /// <param name="schema">The newest change that the schema has, by its name.</param>
    /// <exception cref="StoreException">It could not be done, and nothing is changed.</exception>
    void Prepare(string schema);
}

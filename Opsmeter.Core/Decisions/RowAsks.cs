namespace Opsmeter.Core.Decisions;

/// <summary>What is known of one request's caller: whether it asked first, and what each budget told it.</summary>
public readonly struct RowAsks
{
    private readonly Ask _told;
    private readonly string[]? _by;
    private readonly EndpointAsks? _asks;

    internal RowAsks(Ask told, string[]? by, EndpointAsks? asks) => (_told, _by, _asks) = (told, by, asks);

    /// <summary>True where it asked for this very request, by its id.</summary>
    public bool IsNamed => _by is not null;

    /// <summary>What it was told by a budget; null where it did not ask.</summary>
    /// <param name="budgetId">The budget.</param>
    /// <param name="key">The budget's key of the request.</param>
    /// <param name="began">When the call began.</param>
    /// <param name="occurred">When it was made, as reported.</param>
    public Ask? Find(string budgetId, string? key, DateTimeOffset began, DateTimeOffset occurred) =>
        _by is not null ? (_by.Contains(budgetId) ? _told : default) : _asks?.During(budgetId, key, began, occurred);
}

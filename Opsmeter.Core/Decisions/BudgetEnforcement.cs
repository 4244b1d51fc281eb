namespace Opsmeter.Core.Decisions;

/// <summary>What was asked and obeyed of one budget: together, by its keys and by its endpoints. Not thread-safe.</summary>
internal sealed class BudgetEnforcement
{
    private readonly Dictionary<string, EnforcementEntry> _keys = new(StringComparer.Ordinal);
    private EnforcementEntry? _together;

    public Dictionary<string, EnforcementEntry> Endpoints { get; } = new(StringComparer.Ordinal);

    public bool IsEmpty => _together is null && _keys.Count == 0 && Endpoints.Count == 0;

    public IEnumerable<(EnforcementBook.Place Place, EnforcementEntry Entry)> All(string id)
    {
        if (_together is not null)
        {
            yield return (new EnforcementBook.Place(id, null, null), _together);
        }

        foreach (var (key, entry) in _keys)
        {
            yield return (new EnforcementBook.Place(id, key, null), entry);
        }

        foreach (var (endpoint, entry) in Endpoints)
        {
            yield return (new EnforcementBook.Place(id, null, endpoint), entry);
        }
    }

    public EnforcementEntry? Find(EnforcementBook.Place place) =>
        place.Endpoint is not null ? Endpoints.GetValueOrDefault(place.Endpoint)
        : place.Key is not null ? _keys.GetValueOrDefault(place.Key)
        : _together;

    public void Put(EnforcementBook.Place place, EnforcementEntry entry)
    {
        if (place.Endpoint is not null)
        {
            Endpoints[place.Endpoint] = entry;
        }
        else if (place.Key is not null)
        {
            _keys[place.Key] = entry;
        }
        else
        {
            _together = entry;
        }
    }

    public void Remove(EnforcementBook.Place place)
    {
        if (place.Endpoint is not null)
        {
            Endpoints.Remove(place.Endpoint);
        }
        else if (place.Key is not null)
        {
            _keys.Remove(place.Key);
        }
        else
        {
            _together = null;
        }
    }
}

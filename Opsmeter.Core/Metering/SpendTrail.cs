namespace Opsmeter.Core.Metering;

/// <summary>
/// What one budget and key counted lately, for burn rates: the sums over <c>(t − long, t]</c> and <c>(t − short, t]</c>,
/// kept up to date in constant time. Requests are held in slots aligned to absolute time, so the sums do not depend on the
/// order of arrival; a slot is a three-thousandth of the short window (at least a fifty-thousandth of the long one), and a
/// request is misplaced by at most one slot at a window's edge. Not thread-safe: one thread owns it.
/// </summary>
public sealed class SpendTrail
{
    private const int SlotsInShort = 3_000;
    private const int MostSlots = 50_000;

    private readonly long _resolution;
    private readonly long _longTicks;
    private readonly long _shortTicks;
    private readonly List<Slot> _slots = [];
    private int _longHead;
    private int _shortHead;
    private int _upper;
    private long _atSlot = long.MinValue;
    private Slot _longSum;
    private Slot _shortSum;

    /// <summary>Creates an empty trail.</summary>
    /// <param name="longWindow">The long window; above <paramref name="shortWindow"/>.</param>
    /// <param name="shortWindow">The short window; above zero.</param>
    public SpendTrail(TimeSpan longWindow, TimeSpan shortWindow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(shortWindow, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longWindow, shortWindow);
        _longTicks = longWindow.Ticks;
        _shortTicks = shortWindow.Ticks;
        _resolution = Math.Max(TimeSpan.TicksPerMillisecond, Math.Max(_shortTicks / SlotsInShort, _longTicks / MostSlots));
    }

    /// <summary>True when nothing is held, so the trail need not be kept.</summary>
    public bool IsEmpty => _slots.Count == 0;

    /// <summary>How much of a measure was counted in <c>(t − long, t]</c>, t as last given to <see cref="MoveTo"/>.</summary>
    public long InLong(Measure measure) => _longSum.Of(measure);

    /// <summary>How much of a measure was counted in <c>(t − short, t]</c>.</summary>
    public long InShort(Measure measure) => _shortSum.Of(measure);

    /// <summary>Counts an amount, which may be negative to take one back. Amounts older than the long window are ignored.</summary>
    public void Add(DateTimeOffset occurredAt, WindowSums amount)
    {
        var slot = SlotOf(occurredAt.UtcTicks);
        if (_atSlot != long.MinValue && slot <= LongEdge)
        {
            return;
        }

        // A late amount may be older than the short window while nothing newer is held there, so its place in the list
        // does not tell: the edge does.
        var isPast = _atSlot != long.MinValue && slot <= _atSlot;
        var isBeforeShort = isPast && slot <= ShortEdge;
        var index = FindFromEnd(slot);
        var change = new Slot(slot, amount.Spend.Nano, amount.Requests, amount.Tokens);
        if (index < _slots.Count && _slots[index].Index == slot)
        {
            _slots[index] = _slots[index].Plus(change);
        }
        else
        {
            _slots.Insert(index, change);
            _shortHead += isBeforeShort ? 1 : 0;
            _upper += isPast ? 1 : 0;
        }

        if (isPast)
        {
            _longSum = _longSum.Plus(change);
            _shortSum = isBeforeShort ? _shortSum : _shortSum.Plus(change);
        }
    }

    /// <summary>Moves t forward; an earlier t than before changes nothing.</summary>
    public void MoveTo(DateTimeOffset t)
    {
        var at = SlotOf(t.UtcTicks);
        if (at <= _atSlot)
        {
            return;
        }

        _atSlot = at;
        for (; _upper < _slots.Count && _slots[_upper].Index <= at; _upper++)
        {
            _longSum = _longSum.Plus(_slots[_upper]);
            _shortSum = _shortSum.Plus(_slots[_upper]);
        }

        for (; _longHead < _upper && _slots[_longHead].Index <= LongEdge; _longHead++)
        {
            _longSum = _longSum.Minus(_slots[_longHead]);
        }

        for (; _shortHead < _upper && _slots[_shortHead].Index <= ShortEdge; _shortHead++)
        {
            _shortSum = _shortSum.Minus(_slots[_shortHead]);
        }

        DropOld();
    }

    private long LongEdge => SlotOf((_atSlot * _resolution) - _longTicks);

    private long ShortEdge => SlotOf((_atSlot * _resolution) - _shortTicks);

    private long SlotOf(long ticks) => ticks / _resolution;

    private int FindFromEnd(long slot)
    {
        var index = _slots.Count;
        if (index == 0 || _slots[index - 1].Index < slot)
        {
            return index;
        }

        var low = 0;
        while (low < index)
        {
            var middle = (low + index) / 2;
            if (_slots[middle].Index < slot)
            {
                low = middle + 1;
            }
            else
            {
                index = middle;
            }
        }

        return low;
    }

    private void DropOld()
    {
        // Removing from the front moves the rest, so it waits until half the list is old.
        if (_longHead == 0 || (_longHead < _slots.Count && _longHead < Math.Max(64, _slots.Count / 2)))
        {
            return;
        }

        _slots.RemoveRange(0, _longHead);
        _shortHead -= _longHead;
        _upper -= _longHead;
        _longHead = 0;
        if (_slots.Count == 0)
        {
            _slots.TrimExcess();
        }
    }

    private readonly record struct Slot(long Index, long Nano, long Requests, long Tokens)
    {
        public Slot Plus(Slot other) => this with
        {
            Nano = Nano + other.Nano, Requests = Requests + other.Requests, Tokens = Tokens + other.Tokens,
        };

        public Slot Minus(Slot other) => this with
        {
            Nano = Nano - other.Nano, Requests = Requests - other.Requests, Tokens = Tokens - other.Tokens,
        };

        public long Of(Measure measure) => measure switch
        {
            Measure.Usd => Nano,
            Measure.Requests => Requests,
            Measure.Tokens => Tokens,
        };
    }
}

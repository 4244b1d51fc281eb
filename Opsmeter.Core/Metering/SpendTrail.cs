using System.Runtime.InteropServices;

namespace Opsmeter.Core.Metering;

/// <summary>
/// What one budget and key counted lately, for burn rates: the sums over <c>(t − long, t]</c> and <c>(t − short, t]</c>,
/// kept up to date in constant time. They are exact, in whatever order amounts arrive, while there are at most
/// <see cref="MostExact"/> moments in the long window. Beyond it moments that lie close together are one stretch, within a
/// hundredth of the short window or, once they have left that, of the long one; of a stretch at a window's edge the part
/// inside counts, as if it had been spent evenly. Not thread-safe: one thread owns it.
/// </summary>
public sealed class SpendTrail
{
    /// <summary>How many moments are told apart, whatever lies between them.</summary>
    public const int MostExact = 250;

    private const int StretchesInWindow = 100;
    private const int Room = 50;
    private const int Growth = 4;

    private readonly long _longTicks;
    private readonly long _shortTicks;
    private readonly List<Stretch> _stretches = [];
    private int _most = MostExact;
    private int _longHead;
    private int _shortHead;
    private int _upper;
    private long _at = long.MinValue;
    private Amounts _longSum;
    private Amounts _shortSum;

    /// <summary>Creates an empty trail.</summary>
    /// <param name="longWindow">The long window; above <paramref name="shortWindow"/>.</param>
    /// <param name="shortWindow">The short window; above zero.</param>
    public SpendTrail(TimeSpan longWindow, TimeSpan shortWindow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(shortWindow, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longWindow, shortWindow);
        _longTicks = longWindow.Ticks;
        _shortTicks = shortWindow.Ticks;
    }

    /// <summary>True when nothing is held, so the trail need not be kept.</summary>
    public bool IsEmpty => _stretches.Count == 0;

    /// <summary>How many moments and stretches are held; each takes 40 bytes.</summary>
    internal int Count => _stretches.Count;

    private bool IsPlaced => _at != long.MinValue;

    private long LongEdge => _at - _longTicks;

    private long ShortEdge => _at - _shortTicks;

    /// <summary>How much of a measure was counted in <c>(t − long, t]</c>, t as last given to <see cref="MoveTo"/>.</summary>
    public long InLong(Measure measure) => _longSum.Of(measure) - Outside(_longHead, LongEdge, measure);

    /// <summary>How much of a measure was counted in <c>(t − short, t]</c>.</summary>
    public long InShort(Measure measure) => _shortSum.Of(measure) - Outside(_shortHead, ShortEdge, measure);

    /// <summary>Counts an amount, which may be negative to take one back. Amounts older than the long window are ignored.</summary>
    public void Add(DateTimeOffset occurredAt, WindowSums amount)
    {
        var at = occurredAt.UtcTicks;
        if (IsPlaced && at <= LongEdge)
        {
            return;
        }

        var change = new Amounts(amount.Spend.Nano, amount.Requests, amount.Tokens);
        var index = FindFromEnd(at);
        var isThere = index < _stretches.Count && _stretches[index].First <= at;
        if (isThere)
        {
            ref var stretch = ref CollectionsMarshal.AsSpan(_stretches)[index];
            stretch = stretch with { Amounts = stretch.Amounts.Plus(change) };
        }
        else
        {
            Insert(index, new Stretch(at, at, change));
            if (IsPlaced && at <= _at)
            {
                _upper++;
                _shortHead += at <= ShortEdge ? 1 : 0;
            }
        }

        // A late amount may be older than the short window; what lies before its head has left it.
        if (index < _upper)
        {
            _longSum = _longSum.Plus(change);
            _shortSum = index < _shortHead ? _shortSum : _shortSum.Plus(change);
        }

        if (_stretches.Count > _most)
        {
            Merge();
        }
    }

    /// <summary>Moves t forward; an earlier t than before changes nothing.</summary>
    public void MoveTo(DateTimeOffset t)
    {
        if (t.UtcTicks <= _at)
        {
            return;
        }

        _at = t.UtcTicks;
        MoveHeads();
        DropOld();
    }

    private void MoveHeads()
    {
        var stretches = CollectionsMarshal.AsSpan(_stretches);
        for (; _upper < stretches.Length && stretches[_upper].First <= _at; _upper++)
        {
            _longSum = _longSum.Plus(stretches[_upper].Amounts);
            _shortSum = _shortSum.Plus(stretches[_upper].Amounts);
        }

        for (; _longHead < _upper && stretches[_longHead].Last <= LongEdge; _longHead++)
        {
            _longSum = _longSum.Minus(stretches[_longHead].Amounts);
        }

        for (; _shortHead < _upper && stretches[_shortHead].Last <= ShortEdge; _shortHead++)
        {
            _shortSum = _shortSum.Minus(stretches[_shortHead].Amounts);
        }
    }

    /// <summary>What of the first and last stretch of a window lies outside it.</summary>
    private long Outside(int head, long edge, Measure measure)
    {
        if (head >= _upper)
        {
            return 0;
        }

        var (first, last) = (_stretches[head], _stretches[_upper - 1]);
        return first.UpTo(edge, measure) + (last.Last > _at ? last.Amounts.Of(measure) - last.UpTo(_at, measure) : 0);
    }

    /// <summary>The first stretch that does not end before a moment.</summary>
    private int FindFromEnd(long at)
    {
        var index = _stretches.Count;
        if (index == 0 || _stretches[index - 1].Last < at)
        {
            return index;
        }

        var low = 0;
        while (low < index)
        {
            var middle = (low + index) / 2;
            if (_stretches[middle].Last < at)
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

    private void Insert(int index, Stretch stretch)
    {
        // Most keys have few moments, and those that have many all come to the same size at once: it then stays as it is.
        if (_stretches.Count == _stretches.Capacity)
        {
            _stretches.Capacity = _stretches.Capacity < MostExact ? Math.Clamp(_stretches.Capacity * Growth, Growth, MostExact + 1) : _stretches.Capacity + Room;
        }

        _stretches.Insert(index, stretch);
    }

    /// <summary>Makes one of what lies close together.</summary>
    private void Merge()
    {
        var stretches = CollectionsMarshal.AsSpan(_stretches);
        var kept = 0;
        for (var i = _longHead + 1; i < stretches.Length; i++)
        {
            ref var last = ref stretches[_longHead + kept];
            if (IsClose(last, stretches[i]))
            {
                last = new Stretch(last.First, stretches[i].Last, last.Amounts.Plus(stretches[i].Amounts));
            }
            else
            {
                stretches[_longHead + ++kept] = stretches[i];
            }
        }

        _stretches.RemoveRange(_longHead + kept + 1, stretches.Length - _longHead - kept - 1);
        _stretches.RemoveRange(0, _longHead);
        _most = Math.Max(MostExact, _stretches.Count + Room);
        (_longHead, _shortHead, _upper, _longSum, _shortSum) = (0, 0, 0, default, default);
        if (IsPlaced)
        {
            MoveHeads();
        }
    }

    // In the same hundredth of a window, counted from the beginning of time: that of the long one where both have left the short one.
    private bool IsClose(Stretch earlier, Stretch later)
    {
        var isBehind = IsPlaced && later.Last <= ShortEdge;
        var ticks = Math.Max(1, (isBehind ? _longTicks : _shortTicks) / StretchesInWindow);
        return earlier.First / ticks == later.Last / ticks && (isBehind || !IsPlaced || earlier.Last > ShortEdge);
    }

    private void DropOld()
    {
        // Removing from the front moves the rest, so it waits until it is worth it.
        if (_longHead == 0 || (_longHead < _stretches.Count && _longHead < Math.Max(8, _stretches.Count / 8)))
        {
            return;
        }

        _stretches.RemoveRange(0, _longHead);
        _shortHead -= _longHead;
        _upper -= _longHead;
        _longHead = 0;
        if (_stretches.Count == 0)
        {
            _stretches.TrimExcess();
        }
    }

    /// <summary>What was counted from a moment to another, both inclusive, in ticks.</summary>
    private readonly record struct Stretch(long First, long Last, Amounts Amounts)
    {
        /// <summary>The part up to a moment, inclusive.</summary>
        public long UpTo(long at, Measure measure) =>
            at < First ? 0
            : at >= Last ? Amounts.Of(measure)
            : (long)((Int128)Amounts.Of(measure) * (at - First + 1) / (Last - First + 1));
    }

    private readonly record struct Amounts(long Nano, long Requests, long Tokens)
    {
        public Amounts Plus(Amounts other) => new(Nano + other.Nano, Requests + other.Requests, Tokens + other.Tokens);

        public Amounts Minus(Amounts other) => new(Nano - other.Nano, Requests - other.Requests, Tokens - other.Tokens);

        public long Of(Measure measure) => measure switch
        {
            Measure.Usd => Nano,
            Measure.Requests => Requests,
            Measure.Tokens => Tokens,
        };
    }
}

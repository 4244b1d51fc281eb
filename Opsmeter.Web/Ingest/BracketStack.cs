namespace Opsmeter.Web.Ingest;

/// <summary>The brackets that are open, one bit each, so that a body of nothing but brackets stays cheap.</summary>
internal ref struct BracketStack
{
    private ulong[] _bits;
    private int _depth;

    public BracketStack() => _bits = new ulong[1];

    public readonly bool IsEmpty => _depth == 0;

    public void Push(bool isArray)
    {
        var word = _depth / 64;
        if (word == _bits.Length)
        {
            Array.Resize(ref _bits, _bits.Length * 2);
        }

        var bit = 1UL << (_depth % 64);
        _bits[word] = isArray ? _bits[word] | bit : _bits[word] & ~bit;
        _depth++;
    }

    // False when nothing is open or the bracket is of the other kind.
    public bool TryPop(bool isArray)
    {
        if (_depth == 0)
        {
            return false;
        }

        _depth--;
        return ((_bits[_depth / 64] >> (_depth % 64)) & 1) == (isArray ? 1UL : 0UL);
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Opsmeter.Web.Hosting;

/// <summary>A body that was read, or why it was not. Owns a pooled buffer: dispose it when the bytes are done with.</summary>
public sealed class BodyReading : IDisposable
{
    private readonly int _start;
    private readonly int _end;
    private byte[]? _buffer;

    private BodyReading(BodyProblem problem, string? detail)
    {
        Problem = problem;
        Detail = detail;
    }

    private BodyReading(byte[] buffer, int start, int end, BodyFormats format)
    {
        _buffer = buffer;
        _start = start;
        _end = end;
        Format = format;
    }

    /// <summary>What went wrong, if anything did.</summary>
    public BodyProblem Problem { get; }

    /// <summary>What the sender should change; null when there is no problem.</summary>
    public string? Detail { get; }

    /// <summary>The one format that the sender named; none when there is a problem.</summary>
    public BodyFormats Format { get; }

    /// <summary>The bytes, decompressed, without a byte order mark; empty when there is a problem.</summary>
    /// <exception cref="ObjectDisposedException">The buffer went back to the pool.</exception>
    public ReadOnlyMemory<byte> Bytes
    {
        get
        {
            if (Problem != BodyProblem.None)
            {
                return default;
            }

            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(_start, _end - _start);
        }
    }

    /// <summary>All bytes as decompressed, a byte order mark included.</summary>
    internal ReadOnlySpan<byte> Plain => _buffer.AsSpan(0, _end);

    /// <summary>The answer to a body that was not read.</summary>
    /// <returns>False when it was read.</returns>
    public bool TryGetRefusal([NotNullWhen(true)] out IResult? refusal)
    {
        refusal = Problem switch
        {
            BodyProblem.None => null,
            BodyProblem.UnsupportedMediaType => Problems.UnsupportedMediaType(Detail),
            BodyProblem.TooLarge => Problems.TooLarge(Detail),
            BodyProblem.Malformed => Problems.Malformed(Detail),
            BodyProblem.TimedOut => Problems.TimedOut(),
            BodyProblem.ClientGone => Results.StatusCode(StatusCodes.Status499ClientClosedRequest),
        };
        return refusal is not null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static BodyReading Refused(BodyProblem problem, string? detail = null) => new(problem, detail);

    internal static BodyReading Read(byte[] buffer, int length, BodyFormats format)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var start = buffer.AsSpan(0, length).StartsWith(mark) ? mark.Length : 0;
        return new BodyReading(buffer, start, length, format);
    }
}

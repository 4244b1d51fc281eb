using AwesomeAssertions;
using Opsmeter.Web.Storage.Facts;
using Xunit;

namespace Opsmeter.Tests.Web.Storage.Facts;

public sealed class FactBoardTests
{
    [Fact]
    public void Sealed_OfAnyNumberOfFacts_LeavesTheOthers()
    {
        foreach (var (sealedFacts, all) in new[] { (1, 1), (5, 3_000), (1_024, 1_024), (1_024, 1_500), (1_500, 4_000) })
        {
            var facts = Enumerable.Range(1, all).Select(Fact).ToArray();
            var board = FactBoard.Of([], 2_048).With(facts);

            var left = board.Sealed(new Segment(1, sealedFacts, 1, 0, 0, sealedFacts, 0, 0));

            left.Tail.SelectMany(chunk => chunk.ToArray()).Select(fact => fact.Seq).Should().Equal(facts.Skip(sealedFacts).Select(fact => fact.Seq));
            left.FirstSeqInMemory.Should().Be(sealedFacts < all ? sealedFacts + 1 : null);
            (left.LastSeq, left.TailCount, left.Segments.Count).Should().Be((all, all - sealedFacts, 1));
            left.With([Fact(all + 1)]).Tail.SelectMany(chunk => chunk.ToArray()).Last().Seq.Should().Be(all + 1);
        }
    }

    private static Fact Fact(int seq) => new()
    {
        Seq = seq, CorrectionId = 0, OccurredTicks = seq, Scope = 0, Endpoint = 1, Provider = 1, Model = 1, Version = 1, Key = 0, User = 0,
        Tenant = 0, IsError = false, CostNano = 1, ReportedNano = null, Input = 1, Output = 1, Cached = 0, CacheWrite = 0, Reasoning = 0, Audio = 0, LatencyMs = 1,
    };
}

using AwesomeAssertions;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Storage;

/// <summary>A disk that does not answer: whoever waits for it is told, and whoever comes meanwhile.</summary>
public sealed class WriteQueueTests
{
    private readonly FakeTimeProvider _machine = new();
    private readonly List<LedgerWork> _group = [];
    private readonly WriteQueue _queue;

    public WriteQueueTests() => _queue = new WriteQueue(mostRows: 10, TimeProvider.System, _machine);

    [Fact]
    public void Group_ThatTakesLessThanPatience_IsLeftAlone()
    {
        var work = Running();

        _machine.Advance(WriteQueue.Patience - TimeSpan.FromMilliseconds(1));

        _queue.TellStuck().Should().Be(0);
        work.IsAnswered.Should().BeFalse();
        _queue.IsStuck.Should().BeFalse();
    }

    [Fact]
    public async Task Group_ThatTakesPatience_IsTold_AndSoIsWhoeverWaitsOrComes()
    {
        var work = Running();
        var waiting = Work();
        _queue.Add(waiting);

        _machine.Advance(WriteQueue.Patience);

        _queue.TellStuck().Should().Be(2);
        foreach (var told in new[] { work, waiting })
        {
            await told.Answer.Awaiting(answer => answer).Should().ThrowAsync<LedgerUnavailableException>();
        }

        _queue.Rows.Should().Be(0);
        _queue.TakeGroup([]).Should().BeFalse("what was told that it is not stored must not be stored later");
        FluentActions.Invoking(() => _queue.Add(Work())).Should().Throw<LedgerUnavailableException>();
    }

    [Fact]
    public void Group_ThatGetsFurtherRowByRow_IsLeftAlone_HoweverLongItTakes()
    {
        var work = Running();
        for (var row = 0; row < 10; row++)
        {
            _machine.Advance(WriteQueue.Patience / 2);
            _queue.TellStuck().Should().Be(0);
            _queue.Step();
        }

        work.IsAnswered.Should().BeFalse();
        _queue.TellStuck();
        _machine.Advance(WriteQueue.Patience);
        _queue.TellStuck().Should().Be(1, "it got no further since");
    }

    [Fact]
    public async Task Disk_ThatAnswersAgain_TakesWhoComes_AndWhatWasToldStaysTold()
    {
        var work = Running();
        _machine.Advance(WriteQueue.Patience);
        _queue.TellStuck();

        _queue.Done();
        work.Complete();

        await work.Answer.Awaiting(answer => answer).Should().ThrowAsync<LedgerUnavailableException>();
        _queue.IsStuck.Should().BeFalse();
        _queue.Add(Work());
        _queue.TakeGroup([]).Should().BeTrue();
    }

    [Fact]
    public void Edit_ThatCountsAMonthAnew_IsNotTold_WhatWaitsBehindItIs()
    {
        var edit = new LedgerWork<int>(
            _ =>
            {
                _machine.Advance(WriteQueue.Patience);
                _queue.TellStuck().Should().Be(1);
                return 1;
            },
            isAlone: true);
        _queue.Add(edit);
        _queue.TakeGroup(_group);
        _queue.Begin(_group);
        var waiting = Work();
        _queue.Add(waiting);

        edit.Apply(null!);

        edit.IsAnswered.Should().BeFalse();
        waiting.IsAnswered.Should().BeTrue();
    }

    [Fact]
    public void Queue_AtItsLimit_TakesNoMore()
    {
        for (var i = 0; i <= 10; i++)
        {
            _queue.Add(Work());
        }

        FluentActions.Invoking(() => _queue.Add(Work())).Should().Throw<LedgerUnavailableException>();
        _queue.Rows.Should().Be(11);
    }

    private static LedgerWork<int> Work() => new(_ => 0);

    private LedgerWork<int> Running()
    {
        var work = Work();
        _queue.Add(work);
        _queue.TakeGroup(_group).Should().BeTrue();
        _queue.Begin(_group);
        return work;
    }
}

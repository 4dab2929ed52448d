namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>What the checker of the kill loop must object to, and what it must not.</summary>
public sealed class WriterHistoryTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly WriterHistory _history;
    private long _ticket;

    public WriterHistoryTests() => _history = new WriterHistory(2, () => ++_ticket);

    [Fact]
    public void Cuts_NothingStored_MayBeEmptyOnly()
    {
        Assert.Equal([0], Lengths(0, 0));
        Assert.Empty(Lengths(1, 0));
    }

    [Fact]
    public void Cuts_AcknowledgedStoreMissing_LeaveOutWhatWasAcknowledged()
    {
        Store(0, 1);
        Assert.Equal([1], Lengths(1, 0));
        Assert.Equal([0], Lengths(0, 0));
        Assert.Equal(1, _history.Acknowledged);
        Assert.Contains("prompt 0", _history.Explain(Answers(0, 0)), StringComparison.Ordinal);
    }

    [Fact]
    public void Cuts_StoreUnderWay_MayBeThereOrNot()
    {
        Store(0, 1);
        Send([0], 2);
        Assert.Equal([1], Lengths(1, 0));
        Assert.Equal([2], Lengths(2, 0));
        Assert.Equal(1, _history.Acknowledged);
    }

    [Fact]
    public void Cuts_OlderVersionAfterReplacement_LeaveOutTheReplacement()
    {
        Store(0, 1);
        Store(0, 2);
        Assert.Equal([1], Lengths(1, 0));
        Assert.Equal([2], Lengths(2, 0));
    }

    [Fact]
    public void Cuts_EntryBackAfterItsInvalidation_LeaveOutTheInvalidation()
    {
        Store(0, 1);
        Remove(0);
        Assert.Equal([1], Lengths(1, 0));
        Assert.Equal([0, 2], Lengths(0, 0));
    }

    [Fact]
    public void Cuts_InvalidationOfSeveralHalfDone_ExplainNothing()
    {
        Store(0, 1);
        Store(1, 2);
        Send([0, 1], 0);
        Assert.Equal([2], Lengths(1, 2));
        Assert.Equal([0, 3], Lengths(0, 0));
        Assert.Empty(Lengths(0, 2));
    }

    [Fact]
    public void Cuts_Hole_ExplainNothing()
    {
        Store(0, 1);
        Store(1, 2);
        Assert.Equal([1], Lengths(1, 0));
        Assert.Empty(Lengths(0, 2));
    }

    [Fact]
    public void Cuts_EvictedEntry_IsMissingButNoOlderVersionMayBeThere()
    {
        Store(0, 1);
        Store(0, 2);
        Assert.Equal([new Cut(0, 0), new Cut(1, 1), new Cut(2, 1)], _history.Cuts(Answers(0, 0), mayEvict: true));
        Assert.Equal([1], _history.Cuts(Answers(1, 0), mayEvict: true).Select(cut => cut.Length));
    }

    [Fact]
    public void Cuts_EntryOfAnotherId_ExplainNothing()
    {
        Store(0, 1);
        Answer[] answers = [Answers(1, 0)[0] with { EntryId = "another" }, Answers(1, 0)[1]];
        Assert.Empty(_history.Cuts(answers, mayEvict: false));
    }

    [Theory]
    [InlineData(0.5, 1, true)] // served while it lives
    [InlineData(0.5, 0, false)] // lost while it lives
    [InlineData(3, 0, true)] // gone after its time
    [InlineData(3, 1, false)] // served after its time
    public void Cuts_TimeToLive_DecidesWhetherItMustBeThere(double atSeconds, int version, bool isRight)
    {
        Send([0], 1, _second);
        _history.Acknowledge(state => state.Acknowledged(_start + _second, _second, IdOf(1)));
        IEnumerable<int> lengths = Lengths(_start + TimeSpan.FromSeconds(atSeconds), version, 0);
        Assert.Equal(isRight, lengths.Contains(1));
    }

    [Fact]
    public void Settle_MissingEntry_MayNeverComeBack()
    {
        Send([0], 1);
        _history.Settle(0, Answers(0, 0), mayEvict: false);
        Assert.Empty(Lengths(1, 0));
    }

    [Fact]
    public void Settle_EvictedEntry_CountsOnceAndMayComeBackAsItWasOnly()
    {
        Store(0, 1);
        Store(0, 2);
        _history.Settle(2, Answers(0, 0), mayEvict: true);
        Assert.Equal([new Cut(0, 0)], _history.Cuts(Answers(0, 0), mayEvict: true));
        Assert.Equal([new Cut(0, 0)], _history.Cuts(Answers(2, 0), mayEvict: true));
        Assert.Empty(_history.Cuts(Answers(1, 0), mayEvict: true));
    }

    [Fact]
    public void Refuse_OperationThatWasNone_IsNoneAfterwards()
    {
        Store(0, 1);
        Send([0], 2);
        _history.Refuse();
        Assert.Equal([1], Lengths(1, 0));
        Assert.Empty(Lengths(2, 0));
    }

    [Fact]
    public void CommonCut_OperationBehindALostOneOfAnotherWriter_IsAHole()
    {
        var other = new WriterHistory(1, () => ++_ticket);
        Store(0, 1);
        other.Begin([0], PromptState.Stored(1, _start, ttl: null));
        other.Acknowledge(state => state);
        IReadOnlyList<Cut> lost = [new Cut(0, 0)];
        IReadOnlyList<Cut> there = [new Cut(1, 0)];

        Assert.Null(CommonCut.Find([_history, other], [lost, there]));
        Assert.NotNull(CommonCut.Find([_history, other], [there, lost]));
        Assert.Equal(there[0], CommonCut.Find([_history, other], [[.. lost, .. there], there])![0]);
    }

    [Fact]
    public void CommonCut_OperationsAtTheSameTime_MayBeLostEitherWay()
    {
        var other = new WriterHistory(1, () => ++_ticket);
        Send([0], 1);
        other.Begin([0], PromptState.Stored(1, _start, ttl: null));
        Assert.NotNull(CommonCut.Find([_history, other], [[new Cut(0, 0)], [new Cut(1, 0)]]));
        Assert.NotNull(CommonCut.Find([_history, other], [[new Cut(1, 0)], [new Cut(0, 0)]]));
    }

    [Fact]
    public void Content_TornOrForeign_IsNotRead()
    {
        string right = ResponseContent.Of(1, 2, 3);
        Assert.True(ResponseContent.TryRead(right, 1, 2, out int version));
        Assert.Equal(3, version);
        Assert.False(ResponseContent.TryRead(right, 1, 4, out _));
        Assert.False(ResponseContent.TryRead(right, 2, 2, out _));
        Assert.False(ResponseContent.TryRead(right[..^1], 1, 2, out _));
        Assert.False(ResponseContent.TryRead(ResponseContent.Of(1, 2, 4)[..10] + right[10..], 1, 2, out _));
        Assert.False(ResponseContent.TryRead("", 1, 2, out _));
    }

    private void Send(int[] prompts, int version, TimeSpan? ttl = null) =>
        _history.Begin(prompts, version == 0 ? PromptState.None : PromptState.Stored(version, _start, ttl));

    private void Store(int prompt, int version)
    {
        Send([prompt], version);
        _history.Acknowledge(state => state.Acknowledged(_start, ttl: null, IdOf(version)));
    }

    private void Remove(int prompt)
    {
        Send([prompt], 0);
        _history.Acknowledge(state => state);
    }

    private int[] Lengths(params int[] versions) => Lengths(_start, versions);

    private int[] Lengths(DateTimeOffset at, params int[] versions) =>
        [.. _history.Cuts(Answers(at, versions), mayEvict: false).Select(cut => cut.Length)];

    private static Answer[] Answers(params int[] versions) => Answers(_start, versions);

    private static Answer[] Answers(DateTimeOffset at, params int[] versions) =>
        [.. versions.Select(version => new Answer(version, IdOf(version), at, at))];

    private static string IdOf(int version) => version == 0 ? "" : $"id{version}";
}

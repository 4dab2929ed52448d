namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>
/// The operations of one writer in their order, and what the server may know of them after a kill: the outcome of the
/// first so many, called a cut, and nothing else. Whether acknowledged ones may be missing from it is for the caller to say.
/// </summary>
/// <remarks>
/// One writer writes its prompts, one operation after the other; so there is at most one that was not acknowledged, and it
/// is the last. An operation on several prompts is done for all of them or for none.
/// </remarks>
internal sealed class WriterHistory
{
    private readonly PromptState[] _settled;
    private readonly PromptState[] _now;
    private readonly List<Operation> _operations = [];
    private readonly HashSet<int> _knownMissing = [];
    private readonly Func<long> _nextTicket;

    /// <param name="prompts">How many prompts the writer has.</param>
    /// <param name="nextTicket">Numbers the moments of all writers in their order.</param>
    public WriterHistory(int prompts, Func<long> nextTicket)
    {
        _settled = [.. Enumerable.Repeat(PromptState.None, prompts)];
        _now = [.. _settled];
        _nextTicket = nextTicket;
    }

    /// <summary>Operations since the server was last compared with the history.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>How many of them were acknowledged.</summary>
    public int Acknowledged => _operations is [.., { AcknowledgedAt: long.MaxValue }] ? _operations.Count - 1 : _operations.Count;

    /// <summary>What a prompt is by the acknowledged operations.</summary>
    public PromptState Now(int prompt) => _now[prompt];

    /// <summary>An operation is sent that makes prompts what <paramref name="state"/> says.</summary>
    public void Begin(int[] prompts, PromptState state) => _operations.Add(new Operation(prompts, state, _nextTicket()));

    /// <summary>The last operation was acknowledged.</summary>
    public void Acknowledge(Func<PromptState, PromptState> complete)
    {
        Operation last = _operations[^1];
        last.State = complete(last.State);
        last.AcknowledgedAt = _nextTicket();
        foreach (int prompt in last.Prompts)
        {
            _now[prompt] = last.State;
            _knownMissing.Remove(prompt);
        }
    }

    /// <summary>The last operation was refused, and so is none.</summary>
    public void Refuse() => _operations.RemoveAt(_operations.Count - 1);

    /// <summary>The cuts that explain the answers.</summary>
    /// <param name="answers">One for each prompt.</param>
    /// <param name="mayEvict">Whether entries may be missing.</param>
    public IReadOnlyList<Cut> Cuts(IReadOnlyList<Answer> answers, bool mayEvict)
    {
        var cuts = new List<Cut>();
        PromptState[] states = [.. _settled];
        var wrong = new HashSet<int>();
        var missing = new HashSet<int>();
        foreach (int prompt in Enumerable.Range(0, states.Length))
        {
            Compare(prompt);
        }

        for (int length = 0; ; length++)
        {
            if (wrong.Count == 0)
            {
                cuts.Add(new Cut(length, missing.Count(prompt => !_knownMissing.Contains(prompt))));
            }

            if (length == _operations.Count)
            {
                return cuts;
            }

            foreach (int prompt in _operations[length].Prompts)
            {
                states[prompt] = _operations[length].State;
                Compare(prompt);
            }
        }

        void Compare(int prompt)
        {
            bool allowed = states[prompt].Allows(answers[prompt], out bool isEvicted);
            Mark(wrong, prompt, !allowed || (isEvicted && !mayEvict));
            Mark(missing, prompt, isEvicted);
        }
    }

    /// <summary>In what the answers differ from all that was acknowledged, a line a prompt.</summary>
    public string Explain(IReadOnlyList<Answer> answers) => string.Join('\n', Enumerable.Range(0, _now.Length)
        .Where(prompt => !_now[prompt].Allows(answers[prompt], out bool isEvicted) || isEvicted)
        .Select(prompt =>
            $"  prompt {prompt}: version {answers[prompt].Version} {answers[prompt].EntryId} came back, acknowledged was "
            + $"{_now[prompt].Version} {_now[prompt].EntryId}; versions sent since: "
            + string.Join(' ', _operations.Where(sent => sent.Prompts.Contains(prompt)).Select(sent => sent.State.Version))));

    /// <summary>Goes on from what the server knows by a cut: what it does not know by now may never come back.</summary>
    /// <param name="length">Length of the cut.</param>
    /// <param name="answers">One for each prompt.</param>
    /// <param name="mayEvict">
    /// Whether entries may be missing: they may also come back as they were, as long as their eviction is not committed.
    /// </param>
    public void Settle(int length, IReadOnlyList<Answer> answers, bool mayEvict)
    {
        foreach (Operation operation in _operations.Take(length))
        {
            foreach (int prompt in operation.Prompts)
            {
                _settled[prompt] = operation.State;
            }
        }

        _operations.Clear();
        for (int prompt = 0; prompt < _settled.Length; prompt++)
        {
            _settled[prompt].Allows(answers[prompt], out bool isEvicted);
            Mark(_knownMissing, prompt, isEvicted);
            if (answers[prompt].Version > 0)
            {
                _settled[prompt] = _settled[prompt] with { EntryId = answers[prompt].EntryId };
            }
            else if (!(isEvicted && mayEvict))
            {
                _settled[prompt] = PromptState.None;
            }

            _now[prompt] = _settled[prompt];
        }
    }

    private static void Mark(HashSet<int> set, int prompt, bool isIn)
    {
        if (isIn)
        {
            set.Add(prompt);
        }
        else
        {
            set.Remove(prompt);
        }
    }
}

/// <summary>The server knows the first operations of a writer, and none behind them.</summary>
/// <param name="Length">How many.</param>
/// <param name="Missing">Entries that are missing all the same, and were not when the server was last compared.</param>
internal readonly record struct Cut(int Length, int Missing);

/// <summary>Something that a writer asked for.</summary>
internal sealed class Operation(int[] prompts, PromptState state, long sentAt)
{
    public int[] Prompts => prompts;

    /// <summary>What it makes of its prompts.</summary>
    public PromptState State { get; set; } = state;

    public long SentAt => sentAt;

    /// <summary><see cref="long.MaxValue"/> as long as it is not.</summary>
    public long AcknowledgedAt { get; set; } = long.MaxValue;
}

using SemCache.Cli.Evaluation.Data;

namespace SemCache.Cli.Evaluation.Running;

/// <summary>What is stored after a lookup.</summary>
internal enum InsertPolicy
{
    /// <summary>Every prompt.</summary>
    Always,

    /// <summary>Prompts that missed, as a service does.</summary>
    Miss,
}

/// <summary>Prompts asked one after the other, of a cache that is empty at first.</summary>
internal static class StreamRun
{
    /// <summary>Looks each prompt up and stores its answer before the next one is looked up.</summary>
    public static async Task<LookupRecord[]> RunAsync(
        Recorder recorder, IReadOnlyList<Asked> stream, InsertPolicy insert, Action done,
        CancellationToken cancellationToken)
    {
        var records = new LookupRecord[stream.Count];
        var stored = new Dictionary<Guid, Asked>();
        var storedClasses = new HashSet<int>();
        for (var i = 0; i < records.Length; i++)
        {
            var asked = stream[i];
            var found = await recorder.LookUpAsync(asked.Prompt, cancellationToken);
            records[i] = recorder.Record(
                asked.Shown, asked.ClassName, storedClasses.Contains(asked.Class), found,
                id => (stored[id].Shown, stored[id].Class == asked.Class));
            if (insert == InsertPolicy.Always || !recorder.IsHit(found))
            {
                stored[await recorder.StoreAsync(
                    asked.Prompt, cancellationToken, decisionId: found.DecisionId)] = asked;
                storedClasses.Add(asked.Class);
            }

            done();
        }

        return records;
    }
}

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>
/// Finds what one kill has left of all writers together. The log has one order: when an operation is there, so is every
/// one that was acknowledged before it was sent, whoever sent it.
/// </summary>
internal static class CommonCut
{
    /// <summary>The shortest cuts, one for each writer, that leave no hole; null when there are none.</summary>
    /// <param name="histories">The operations of each writer.</param>
    /// <param name="cuts">The cuts that explain what each one's prompts are, shortest first.</param>
    public static Cut[]? Find(IReadOnlyList<WriterHistory> histories, IReadOnlyList<IReadOnlyList<Cut>> cuts)
    {
        if (cuts.Any(own => own.Count == 0))
        {
            return null;
        }

        Cut[] chosen = [.. cuts.Select(own => own[0])];
        bool grown = true;
        while (grown)
        {
            // A longer cut of one writer can only demand more of the others, so the first fit is the shortest.
            grown = false;
            long lastSent = chosen.Select((cut, writer) => LastSent(histories[writer], cut)).Max();
            for (int writer = 0; writer < chosen.Length; writer++)
            {
                int needed = histories[writer].Operations.Count(operation => operation.AcknowledgedAt < lastSent);
                if (chosen[writer].Length >= needed)
                {
                    continue;
                }

                int longer = cuts[writer].ToList().FindIndex(cut => cut.Length >= needed);
                if (longer < 0)
                {
                    return null;
                }

                chosen[writer] = cuts[writer][longer];
                grown = true;
            }
        }

        return chosen;
    }

    private static long LastSent(WriterHistory history, Cut cut) =>
        cut.Length == 0 ? 0 : history.Operations[cut.Length - 1].SentAt;
}

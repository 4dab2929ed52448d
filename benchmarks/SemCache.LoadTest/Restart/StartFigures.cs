namespace SemCache.LoadTest.Restart;

/// <summary>One start of the filled server.</summary>
/// <param name="After">How the server ended before.</param>
/// <param name="Times">When it could do what.</param>
/// <param name="Memory">Its resident memory after every entry was looked up.</param>
/// <param name="Lost">Entries that were acknowledged and are not there as they were stored.</param>
/// <param name="StopSeconds">How long it took to stop cleanly afterwards; null when it was killed.</param>
internal sealed record StartFigures(string After, StartTimes Times, long Memory, int Lost, double? StopSeconds);

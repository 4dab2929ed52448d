using SemCache.LoadTest.Texts;

namespace SemCache.StorageBench.Soak;

/// <summary>
/// Which prompts are stored and looked up: new ones follow each other, a fifth of the stores replaces a recent one; of the
/// lookups nine of ten ask for something recent, the more likely the more recent, the others for anything.
/// </summary>
internal sealed class ChurnKeys(IReadOnlyList<string> prompts, int responseBytes, int window)
{
    private const double Replaced = 0.2;
    private const double Recent = 0.9;

    private readonly Random _random = new(1);
    private int _next;

    /// <summary>Goes on behind the prompts that are stored already.</summary>
    public void Begin(int stored) => _next = stored;

    public string Prompt(int key) => prompts[key];

    public string Response(int key) => Responses.Of(key, responseBytes);

    public int NextToStore() => _random.NextDouble() < Replaced ? RecentKey() : _next++ % prompts.Count;

    public int NextToLookUp() => _random.NextDouble() < Recent ? RecentKey() : _random.Next(prompts.Count);

    private int RecentKey()
    {
        // Squared: half of the lookups go to a quarter of the window.
        double back = Math.Pow(_random.NextDouble(), 2) * Math.Min(window, Math.Max(1, _next));
        return (int)((_next - 1 - (long)back + (2L * prompts.Count)) % prompts.Count);
    }
}

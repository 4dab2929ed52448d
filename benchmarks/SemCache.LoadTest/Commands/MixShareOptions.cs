using System.CommandLine;
using SemCache.LoadTest.Mix;

namespace SemCache.LoadTest.Commands;

/// <summary>The options that say how much of a mix is what.</summary>
internal sealed class MixShareOptions
{
    private const int Most = 1_000_000;

    private readonly Option<int> _exact = Share("--exact", 70, "exact hits");
    private readonly Option<int> _semantic = Share("--semantic", 15, "semantic hits");
    private readonly Option<int> _miss = Share("--miss", 10, "misses");
    private readonly Option<int> _store = Share("--store", 5, "stores, which replace an entry by the like");

    public void AddTo(Command command)
    {
        command.Add(_exact);
        command.Add(_semantic);
        command.Add(_miss);
        command.Add(_store);
    }

    /// <exception cref="NotMeasuredException">All are 0.</exception>
    public MixShares Read(ParseResult options)
    {
        var shares = new MixShares(
            options.GetValue(_exact), options.GetValue(_semantic), options.GetValue(_miss), options.GetValue(_store));
        return shares.IsEmpty
            ? throw new NotMeasuredException("One of --exact, --semantic, --miss and --store must be more than 0.")
            : shares;
    }

    private static Option<int> Share(string name, int value, string what) =>
        BenchOptions.Number(name, value, 0, Most, $"Share of {what}, in any unit.");
}

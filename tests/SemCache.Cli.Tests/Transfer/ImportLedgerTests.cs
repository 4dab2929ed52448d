using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Transfer;

public class ImportLedgerTests
{
    [Fact]
    public void SettledThrough_LinesOutOfOrder_StopsBeforeTheFirstOpenOne()
    {
        var ledger = new ImportLedger(alreadySettled: 10);

        ledger.Settle(12, LineFate.Stored);
        Assert.Equal(10, ledger.SettledThrough);

        ledger.Settle(11, LineFate.Bad);
        Assert.Equal(12, ledger.SettledThrough);

        ledger.Settle(14, LineFate.Blank);
        Assert.Equal(12, ledger.SettledThrough);
    }

    [Fact]
    public void Figures_CountEachFate()
    {
        var ledger = new ImportLedger(0);
        LineFate[] fates =
            [LineFate.Stored, LineFate.Stored, LineFate.Stored, LineFate.NotAdmitted, LineFate.NotAdmitted,
                LineFate.Expired, LineFate.Bad, LineFate.Blank];
        for (var line = 0; line < fates.Length; line++)
        {
            ledger.Settle(line + 1, fates[line]);
        }

        Assert.Equal(new ImportFigures(Stored: 3, NotAdmitted: 2, Expired: 1, Bad: 1), ledger.Figures);
    }

    [Fact]
    public void SettledThrough_ManyThreads_EndsAtTheLastLine()
    {
        var ledger = new ImportLedger(0);

        Parallel.For(1, 10_001, line => ledger.Settle(line, LineFate.Stored));

        Assert.Equal(10_000, ledger.SettledThrough);
        Assert.Equal(10_000, ledger.Figures.Stored);
    }
}

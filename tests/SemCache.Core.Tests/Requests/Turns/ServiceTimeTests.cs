using SemCache.Core.Requests.Turns;

namespace SemCache.Core.Tests.Requests.Turns;

public sealed class ServiceTimeTests
{
    [Fact]
    public void Mean_BeforeTheFirstTurn_IsZero() => Assert.Equal(TimeSpan.Zero, new ServiceTime().Mean);

    [Fact]
    public void Mean_AfterOneTurnThatTookMuchLonger_IsLittleLonger()
    {
        ServiceTime time = AfterMany(TimeSpan.FromMilliseconds(2));
        time.Add(TimeSpan.FromSeconds(10));
        Assert.InRange(time.Mean.TotalMilliseconds, 2, 2.5);
    }

    [Fact]
    public void Mean_WhenAllTurnsTakeLonger_Follows()
    {
        ServiceTime time = AfterMany(TimeSpan.FromMilliseconds(0.1));
        for (int i = 0; i < 200; i++)
        {
            time.Add(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(time.Mean.TotalMilliseconds, 40, 50);
    }

    [Fact]
    public void Mean_WhenTurnsTookNoTimeAtAll_StillFollows()
    {
        ServiceTime time = AfterMany(TimeSpan.Zero);
        for (int i = 0; i < 500; i++)
        {
            time.Add(TimeSpan.FromMilliseconds(50));
        }

        Assert.InRange(time.Mean.TotalMilliseconds, 40, 50);
    }

    private static ServiceTime AfterMany(TimeSpan turn)
    {
        var time = new ServiceTime();
        for (int i = 0; i < 100; i++)
        {
            time.Add(turn);
        }

        return time;
    }
}

using SemCache.Core.Indexing;

namespace SemCache.Core.Tests.Indexing;

public sealed class RecallWindowTests
{
    [Fact]
    public void Share_OfNothing_IsNone() => Assert.Null(new RecallWindow(4).Share);

    [Fact]
    public void Share_OfMoreThanItHolds_ForgetsTheOldest()
    {
        var window = new RecallWindow(4);
        bool[] outcomes = [false, false, true, true, true, false];
        double[] shares =
        [
            .. outcomes.Select(found =>
            {
                window.Add(found);
                return window.Share!.Value;
            }),
        ];
        Assert.Equal([0, 0, 1 / 3d, 0.5, 0.75, 0.75], shares);
    }
}

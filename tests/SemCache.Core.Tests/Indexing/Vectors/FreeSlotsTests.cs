using CsCheck;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Tests.Indexing.Vectors;

public sealed class FreeSlotsTests
{
    private const int Most = 64 * 20;

    [Fact]
    public void TryTake_AfterAnyOperations_IsTheLowestOfASortedSet() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, Most - 1]).Array[0, 400].Sample(operations =>
        {
            var free = new FreeSlots();
            var model = new SortedSet<int>();
            foreach ((int operation, int value) in operations)
            {
                switch (operation)
                {
                    case < 5 when model.Add(value):
                        free.Add(value);
                        break;
                    case < 9:
                        Assert.Equal(model.Count > 0 ? model.Min : -1, free.Lowest);
                        Assert.Equal(model.Count > 0, free.TryTake(out int taken));
                        Assert.True(model.Count == 0 || taken == model.Min);
                        model.Remove(taken);
                        break;
                    case 9:
                        int from = value / 64 * 64;
                        int until = Math.Min(Most, from + 128);
                        Assert.Equal(
                            Enumerable.Range(from, until - from).All(model.Contains), free.HasAll(from, until));
                        free.Trim(from);
                        model.RemoveWhere(slot => slot >= from);
                        break;
                }

                Assert.Equal(model.Count, free.Count);
            }
        });

    [Fact]
    public void HasAll_OfAWholeBlock_IsTrueOnlyWithTheLastSlot()
    {
        var free = new FreeSlots();
        for (int slot = 1023; slot >= 0; slot--)
        {
            Assert.False(free.HasAll(0, 1024));
            free.Add(slot);
        }

        Assert.True(free.HasAll(0, 1024));
    }
}

using CsCheck;
using SemCache.Core.Requests.Turns;

namespace SemCache.Core.Tests.Requests.Turns;

public sealed class FairQueueTests
{
    private static readonly Gen<(int Action, int Flow, bool IsUrgent)[]> _operations =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4], Gen.Bool).Array[0, 300];

    [Fact]
    public void RandomOperations_AgainstANaiveModel_Agree() => _operations.Sample(operations =>
    {
        var queue = new FairQueue<int>();
        var model = new NaiveFairQueue();
        var places = new Dictionary<int, FairQueue<int>.Place>();
        for (int item = 0; item < operations.Length; item++)
        {
            (int action, int flow, bool isUrgent) = operations[item];
            switch (action)
            {
                case < 5:
                    Urgency urgency = isUrgent ? Urgency.Urgent : Urgency.Patient;
                    places[item] = queue.Enqueue($"{flow}", urgency, item);
                    model.Enqueue($"{flow}", urgency, item);
                    break;
                case < 9:
                    int? expected = model.Dequeue();
                    Assert.Equal(expected, queue.TryDequeue(out int taken) ? taken : null);
                    places.Remove(taken);
                    break;
                default:
                    if (places.Count > 0)
                    {
                        int gone = places.Keys.ElementAt(flow % places.Count);
                        places.Remove(gone, out FairQueue<int>.Place? place);
                        place!.Leave();
                        model.Remove(gone);
                    }

                    break;
            }

            Assert.Equal(model.Count, queue.Count);
        }
    }, iter: 500, threads: 2);

    [Fact]
    public void Ahead_OfAnyQueue_IsNeverLessThanWhatGoesFirst() => _operations.Sample(operations =>
    {
        var queue = new FairQueue<int>();
        for (int item = 0; item < operations.Length; item++)
        {
            if (operations[item].Action == 0)
            {
                queue.TryDequeue(out _);
                continue;
            }

            queue.Enqueue(
                $"{operations[item].Flow}", operations[item].IsUrgent ? Urgency.Urgent : Urgency.Patient, item);
        }

        int ahead = queue.Ahead("2");
        int waiting = queue.Count;
        queue.Enqueue("2", Urgency.Urgent, -1);
        int before = 0;
        while (queue.TryDequeue(out int taken) && taken != -1)
        {
            before++;
        }

        Assert.InRange(before, 0, ahead);
        Assert.InRange(ahead, 0, waiting);
    }, iter: 500, threads: 2);

    [Fact]
    public void Dequeue_WhenAnIdleFlowComesToABacklog_ServesItNext()
    {
        var queue = new FairQueue<string>();
        for (int i = 0; i < 1000; i++)
        {
            queue.Enqueue("busy", Urgency.Urgent, "busy");
        }

        Assert.Equal(1, queue.Ahead("idle"));
        queue.TryDequeue(out _);
        queue.Enqueue("idle", Urgency.Urgent, "idle");
        queue.TryDequeue(out string? first);
        queue.TryDequeue(out string? second);

        Assert.Equal(["busy", "idle"], [first, second]);
    }

    [Fact]
    public void Dequeue_OfUrgentAndPatientItems_ServesEveryEighthPatientOne()
    {
        var queue = new FairQueue<Urgency>();
        for (int i = 0; i < 100; i++)
        {
            queue.Enqueue("a", Urgency.Patient, Urgency.Patient);
            queue.Enqueue("b", Urgency.Urgent, Urgency.Urgent);
        }

        Urgency[] served = [.. Enumerable.Range(0, 80).Select(_ => queue.TryDequeue(out Urgency next) ? next : default)];

        Assert.Equal(10, served.Count(urgency => urgency == Urgency.Patient));
        Assert.All(Enumerable.Range(0, 80), i => Assert.Equal(i % 8 == 7, served[i] == Urgency.Patient));
    }
}

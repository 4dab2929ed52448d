using SemCache.Core.Requests.Turns;

namespace SemCache.Core.Tests.Requests.Turns;

/// <summary>
/// What <see cref="FairQueue{T}"/> must do, said plainly: the turn is the flow's that has waited longest since it was served or began
/// to wait; of that flow, whoever came first.
/// </summary>
internal sealed class NaiveFairQueue
{
    private readonly List<(string Flow, Urgency Urgency, int Item)> _items = [];
    private readonly Dictionary<(string Flow, Urgency Urgency), int> _waitsSince = [];
    private int _now;
    private int _urgentInARow;

    public int Count => _items.Count;

    public void Enqueue(string flow, Urgency urgency, int item)
    {
        _now++;
        if (!_items.Exists(other => other.Flow == flow && other.Urgency == urgency))
        {
            _waitsSince[(flow, urgency)] = _now;
        }

        _items.Add((flow, urgency, item));
    }

    public void Remove(int item) => _items.RemoveAll(other => other.Item == item);

    public int? Dequeue()
    {
        _now++;
        bool hasUrgent = _items.Exists(item => item.Urgency == Urgency.Urgent);
        bool hasPatient = _items.Exists(item => item.Urgency == Urgency.Patient);
        Urgency served = hasUrgent && !(hasPatient && _urgentInARow >= FairQueue<int>.PatientShare - 1)
            ? Urgency.Urgent
            : Urgency.Patient;
        _urgentInARow = served == Urgency.Urgent ? _urgentInARow + 1 : 0;
        if (_items.Count == 0)
        {
            return null;
        }

        (string flow, _, int taken) = _items
            .Where(item => item.Urgency == served)
            .OrderBy(item => _waitsSince[(item.Flow, item.Urgency)])
            .First();
        _waitsSince[(flow, served)] = _now;
        Remove(taken);
        return taken;
    }
}

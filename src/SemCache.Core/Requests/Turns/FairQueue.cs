using System.Diagnostics.CodeAnalysis;

namespace SemCache.Core.Requests.Turns;

/// <summary>
/// A queue that is fair between flows: each flow that waits gets one place a round, whatever the length of its backlog. What
/// is urgent goes first, but every eighth place is for what is patient. Within flow and urgency, first come, first served.
/// </summary>
/// <remarks>
/// Everything takes constant time. Holds nothing of a flow that does not wait. Not safe for concurrent use: whoever owns it
/// guards it.
/// </remarks>
internal sealed class FairQueue<T>
{
    /// <summary>What is patient gets one place of so many.</summary>
    public const int PatientShare = 8;

    private readonly Ring _urgent = new();
    private readonly Ring _patient = new();
    private int _urgentInARow;

    /// <summary>How many wait.</summary>
    public int Count => _urgent.Count + _patient.Count;

    /// <summary>How many wait that are urgent.</summary>
    public int UrgentCount => _urgent.Count;

    /// <summary>How many of a flow wait that are urgent.</summary>
    public int UrgentOf(string flow) => _urgent.CountOf(flow);

    /// <summary>Puts an item at the end of its flow.</summary>
    /// <returns>Its place, to take it out again before its turn.</returns>
    public Place Enqueue(string flow, Urgency urgency, T item) =>
        (urgency == Urgency.Urgent ? _urgent : _patient).Add(flow, item);

    /// <summary>Takes the item whose turn it is; false when nothing waits.</summary>
    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        bool isPatientsTurn = _urgent.Count == 0 || (_patient.Count > 0 && _urgentInARow >= PatientShare - 1);
        _urgentInARow = isPatientsTurn ? 0 : _urgentInARow + 1;
        return (isPatientsTurn ? _patient : _urgent).TryTake(out item);
    }

    /// <summary>How many go before an urgent item that would come now, at the most, if nothing came after it.</summary>
    public int Ahead(string flow)
    {
        int urgent = _urgent.Ahead(flow);
        return urgent + Math.Min(_patient.Count, (urgent + PatientShare - 1) / (PatientShare - 1));
    }

    /// <summary>Where an item waits.</summary>
    public sealed class Place
    {
        private readonly Ring _ring;
        private readonly Flow _flow;
        private readonly LinkedListNode<T> _node;

        internal Place(Ring ring, Flow flow, LinkedListNode<T> node) => (_ring, _flow, _node) = (ring, flow, node);

        /// <summary>Takes the item out; it must still be waiting.</summary>
        public void Leave() => _ring.Remove(_flow, _node);
    }

    /// <summary>What waits of one flow.</summary>
    internal sealed class Flow(string name)
    {
        public string Name { get; } = name;

        public LinkedList<T> Items { get; } = [];
    }

    /// <summary>The flows of one urgency, the one whose turn is next in front.</summary>
    internal sealed class Ring
    {
        private readonly Dictionary<string, LinkedListNode<Flow>> _byName = [];
        private readonly LinkedList<Flow> _flows = [];

        public int Count { get; private set; }

        public Place Add(string name, T item)
        {
            if (!_byName.TryGetValue(name, out LinkedListNode<Flow>? place))
            {
                place = _flows.AddLast(new Flow(name));
                _byName.Add(name, place);
            }

            Count++;
            return new Place(this, place.Value, place.Value.Items.AddLast(item));
        }

        public bool TryTake([MaybeNullWhen(false)] out T item)
        {
            if (_flows.First is not { } place)
            {
                item = default;
                return false;
            }

            Flow flow = place.Value;
            LinkedListNode<T> first = flow.Items.First!;
            item = first.Value;
            Remove(flow, first);
            if (flow.Items.Count > 0)
            {
                _flows.Remove(place);
                _flows.AddLast(place);
            }

            return true;
        }

        public void Remove(Flow flow, LinkedListNode<T> node)
        {
            flow.Items.Remove(node);
            Count--;
            if (flow.Items.Count == 0)
            {
                _byName.Remove(flow.Name, out LinkedListNode<Flow>? place);
                _flows.Remove(place!);
            }
        }

        public int CountOf(string name) =>
            _byName.TryGetValue(name, out LinkedListNode<Flow>? place) ? place.Value.Items.Count : 0;

        // One of each other flow a round, and as many rounds as it takes to come to the end of this flow.
        public int Ahead(string name)
        {
            int own = CountOf(name);
            int others = _flows.Count - (own > 0 ? 1 : 0);
            return own + (int)Math.Min(Count - own, (own + 1L) * others);
        }
    }
}

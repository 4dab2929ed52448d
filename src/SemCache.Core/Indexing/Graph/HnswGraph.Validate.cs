using System.Collections;
using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing.Graph;

/// <content>What must hold between any two mutations.</content>
internal sealed partial class HnswGraph
{
    private const int MostProblems = 20;

    /// <summary>Checks levels, places, reciprocity, anchors and reachability. No writer may run beside it.</summary>
    /// <returns>What is wrong, at most 20 sentences; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        int linked = 0;
        int roots = 0;
        int highest = -1;
        for (int slot = 0; slot < _blocks.Length * VectorArena.BlockRows && problems.Count < MostProblems; slot++)
        {
            ref Node node = ref NodeOf(slot);
            if (!node.IsLinked)
            {
                Require(PlacesOf(slot, 0).Count(-1) == _m0, $"slot {slot} is not linked but has links");
                continue;
            }

            linked++;
            highest = Math.Max(highest, node.Level);
            roots += node.Anchor < 0 ? 1 : 0;
            for (int layer = 0; layer <= node.Level; layer++)
            {
                CheckPlaces(slot, layer);
            }

            if (node.Anchor >= 0)
            {
                Require(PlacesOf(slot, 0).Contains(node.Anchor), $"slot {slot} has no link to its anchor {node.Anchor}");
                Require(NodeOf(node.Anchor).Rank < node.Rank, $"slot {slot} has an anchor of higher rank, {node.Anchor}");
            }
        }

        Require(linked == _count, $"{linked} nodes are linked, {_count} counted");
        Require(roots == (linked == 0 ? 0 : 1), $"{roots} nodes have no anchor");
        CheckEntry(linked, highest);
        return problems;

        void Require(bool holds, string problem)
        {
            if (!holds && problems.Count < MostProblems)
            {
                problems.Add(problem);
            }
        }

        void CheckPlaces(int slot, int layer)
        {
            int[] places = PlacesOf(slot, layer).ToArray();
            Require(places.Length == (layer == 0 ? _m0 : _m), $"slot {slot} has {places.Length} places on layer {layer}");
            int[] links = [.. places.Where(place => place != -1)];
            Require(links.Distinct().Count() == links.Length, $"slot {slot} has a link twice on layer {layer}");
            foreach (int link in links)
            {
                bool exists = link >= 0 && link >> VectorArena.BlockBits < _blocks.Length && link != slot
                    && NodeOf(link).IsLinked && NodeOf(link).Level >= layer;
                Require(exists, $"slot {slot} has a link to {link} on layer {layer}, which is not there");
                Require(
                    !exists || PlacesOf(link, layer).Contains(slot),
                    $"slot {slot} has a link to {link} on layer {layer}, which has none back");
            }
        }

        void CheckEntry(int linked, int highest)
        {
            if (linked == 0)
            {
                Require(_entry == EntryPoint.None, "an empty graph has an entry point");
                return;
            }

            var entry = EntryPoint.Of(_entry);
            bool exists = _entry != EntryPoint.None && NodeOf(entry.Slot).IsLinked;
            Require(exists, "the entry point is not linked");
            Require(!exists || (entry.Level == highest && NodeOf(entry.Slot).Level == highest), "the entry point is not on the highest layer");
            if (exists && problems.Count == 0)
            {
                int reached = CountReachable(entry.Slot);
                Require(reached == linked, $"{reached} of {linked} nodes can be reached from the entry point");
            }
        }
    }

    private int CountReachable(int start)
    {
        var seen = new BitArray(_blocks.Length * VectorArena.BlockRows) { [start] = true };
        var stack = new Stack<int>([start]);
        int count = 0;
        while (stack.TryPop(out int slot))
        {
            count++;
            foreach (int neighbor in PlacesOf(slot, 0))
            {
                if (neighbor >= 0 && !seen[neighbor])
                {
                    seen[neighbor] = true;
                    stack.Push(neighbor);
                }
            }
        }

        return count;
    }
}

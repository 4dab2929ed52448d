using SemCache.Core.Indexing.Vectors;

namespace SemCache.Core.Indexing;

/// <content>Giving memory back when the entries have become few.</content>
/// <remarks>
/// Entries in the highest slots move to the lowest free ones: each is added there as a new one would be, and taken out where it
/// was as a removed one would be. When no slot of the last block is used any more, the block goes, and the graph's with it.
/// <para>
/// A search that looks at an entry's new slot before, and at its old one after the move would find it in neither; it may also
/// have taken the blocks before they went, or after. Hence it looks at <see cref="Moves"/> before and after, and begins anew
/// when that has changed. What it holds of a block that is gone can be read as before, and leads to nobody.
/// </para>
/// </remarks>
internal sealed partial class LinkedIndex
{
    // Entries moved in one visit of the gate.
    private const int BatchMoves = 256;

    // An arena shrinks when a smaller share of its slots is used: what is free counts for nobody's budget.
    private const double LeastUse = 0.75;

    // Of the entries, the share that is left free behind them: one in so many.
    private const int Slack = 8;

    private long _moves;

    // Slots that are left when the arena has shrunk; 0 while it does not.
    private int _target;

    /// <summary>Changes whenever entries change slots or blocks go; odd while they do.</summary>
    public long Moves => Volatile.Read(ref _moves);

    /// <summary>Takes a step towards an arena that fits its entries, if it is much too large. Between turns of <see cref="CatchUp"/>.</summary>
    /// <param name="gate">The partition's gate, which is taken.</param>
    /// <param name="entries">Entries in the index.</param>
    /// <returns>Whether something is left to do.</returns>
    public bool Shrink(Lock gate, int entries)
    {
        lock (gate)
        {
            if (_target == 0)
            {
                int fitting = BlocksOf(entries + (entries / Slack)) << VectorArena.BlockBits;
                _target = entries < arena.Slots * LeastUse && fitting < arena.Slots ? fitting : 0;
            }

            if (entries >= _target || arena.Slots <= _target)
            {
                _target = 0;
                return false;
            }

            Interlocked.Increment(ref _moves);
            bool isChanged = DropBlocks();
            isChanged |= Backlog < BatchSlots && MoveBatch();
            Interlocked.Increment(ref _moves);
            if (!isChanged && Backlog == 0)
            {
                // Nothing that could be moved, and nothing that is to become free.
                _target = 0;
            }

            return _target > 0;
        }
    }

    private static int BlocksOf(int slots) => (slots + VectorArena.BlockMask) >> VectorArena.BlockBits;

    private bool MoveBatch()
    {
        int moved = 0;
        for (int slot = arena.Slots - 1; slot >= _target && moved < BatchMoves; slot--)
        {
            if (arena.EntryOf(slot) is not { } entry)
            {
                continue;
            }

            if (arena.LowestFree is not (>= 0 and int free) || free >= _target)
            {
                break;
            }

            Add(arena.Add(entry, arena, slot));
            arena.Clear(slot);
            Remove(slot);
            moved++;
        }

        return moved > 0;
    }

    private bool DropBlocks()
    {
        int blocks = arena.Blocks.Length;
        while (blocks << VectorArena.BlockBits > _target && arena.IsFree(blocks - 1))
        {
            blocks--;
        }

        if (blocks == arena.Blocks.Length)
        {
            return false;
        }

        arena.Trim(blocks);
        graph.Trim(blocks);
        _linked.Length = Math.Min(_linked.Length, blocks << VectorArena.BlockBits);
        return true;
    }
}

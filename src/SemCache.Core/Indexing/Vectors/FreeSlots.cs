using System.Numerics;

namespace SemCache.Core.Indexing.Vectors;

/// <summary>
/// The slots of an arena that can be used again: one bit each. The lowest is taken first, so that the end of the arena
/// becomes free when entries become fewer. One writer at a time.
/// </summary>
internal sealed class FreeSlots
{
    private const int WordBits = 64;

    private ulong[] _words = [];

    // No word before it has a bit.
    private int _lowestWord;

    /// <summary>Slots that are free.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of memory.</summary>
    public long Bytes => (long)_words.Length * sizeof(ulong);

    /// <summary>The lowest free slot; −1 when there is none.</summary>
    public int Lowest
    {
        get
        {
            for (; Count > 0 && _lowestWord < _words.Length; _lowestWord++)
            {
                if (_words[_lowestWord] is not 0 and ulong word)
                {
                    return (_lowestWord * WordBits) + BitOperations.TrailingZeroCount(word);
                }
            }

            return -1;
        }
    }

    /// <summary>Adds a slot.</summary>
    public void Add(int slot)
    {
        int word = slot / WordBits;
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 5 / 4));
        }

        _words[word] |= 1UL << (slot % WordBits);
        _lowestWord = Math.Min(_lowestWord, word);
        Count++;
    }

    /// <summary>Takes the lowest slot. False when there is none.</summary>
    public bool TryTake(out int slot)
    {
        slot = Lowest;
        if (slot < 0)
        {
            return false;
        }

        _words[slot / WordBits] &= ~(1UL << (slot % WordBits));
        Count--;
        return true;
    }

    /// <summary>Whether all slots from one up to another, exclusive, are free.</summary>
    /// <param name="from">A multiple of 64.</param>
    /// <param name="until">A multiple of 64, or behind all slots.</param>
    public bool HasAll(int from, int until)
    {
        int count = 0;
        for (int word = from / WordBits; word < _words.Length && word * WordBits < until; word++)
        {
            count += BitOperations.PopCount(_words[word]);
        }

        return count == until - from;
    }

    /// <summary>Forgets the slots from one on.</summary>
    /// <param name="from">A multiple of 64.</param>
    public void Trim(int from)
    {
        for (int word = from / WordBits; word < _words.Length; word++)
        {
            Count -= BitOperations.PopCount(_words[word]);
        }

        Array.Resize(ref _words, Math.Min(_words.Length, from / WordBits));
        _lowestWord = Math.Min(_lowestWord, _words.Length);
    }
}

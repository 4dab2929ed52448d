using System.Runtime.CompilerServices;

namespace SemCache.Core.Partitions;

/// <summary>
/// A hash table of entries that takes one reference an entry: open addressing with linear probing (Knuth, The Art of
/// Computer Programming, volume 3, section 6.4, algorithm L).
/// </summary>
/// <remarks>
/// One writer at a time, which the owner sees to; readers take no lock. An entry that is in the table throughout a call is
/// found by it: entries never move within an array. Where one was removed, a mark keeps searches going, until what is
/// behind it is free too; a new array, without marks, takes over when the old one has become too full or too empty. To make
/// it, the writer looks at every entry.
/// </remarks>
/// <typeparam name="TKey">What entries are found by.</typeparam>
/// <typeparam name="TKeyOf">Reads it from an entry, and hashes it.</typeparam>
internal sealed class EntryTable<TKey, TKeyOf>
    where TKey : struct, IEquatable<TKey>
    where TKeyOf : struct, IEntryKey<TKey>
{
    // There may be 100,000 tables with a few entries.
    private const int SmallestLength = 4;

    // Bytes of an array beside its places.
    private const int ArrayBytes = 24;

    // Stands where an entry was removed. Has no field set: nobody reads them.
    private static readonly Entry _removed = (Entry)RuntimeHelpers.GetUninitializedObject(typeof(Entry));

    private Entry?[] _places = [];
    private int _count;

    // Places that are not null: entries and marks.
    private int _used;

    /// <summary>Entries in the table.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Bytes of memory, without the entries.</summary>
    public long Bytes => BytesOf(Volatile.Read(ref _places).Length);

    /// <summary>All entries: those that are there throughout, and of the others some.</summary>
    public IEnumerable<Entry> Entries
    {
        get
        {
            Entry?[] places = Volatile.Read(ref _places);
            for (int i = 0; i < places.Length; i++)
            {
                if (Volatile.Read(ref places[i]) is { } entry && entry != _removed)
                {
                    yield return entry;
                }
            }
        }
    }

    /// <summary>The entry with this key; null when there is none.</summary>
    public Entry? Find(TKey key)
    {
        Entry?[] places = Volatile.Read(ref _places);
        if (places.Length == 0)
        {
            return null;
        }

        int place = HomeOf(key, places);
        while (Volatile.Read(ref places[place]) is { } entry)
        {
            if (entry != _removed && TKeyOf.Of(entry).Equals(key))
            {
                return entry;
            }

            place = Next(place, places);
        }

        return null;
    }

    /// <summary>Some entry; null when there is none. Those with free places before them come more often than others.</summary>
    /// <param name="random">A random number, all 32 bits of it.</param>
    public Entry? Sample(uint random)
    {
        Entry?[] places = Volatile.Read(ref _places);
        return SampleFrom(places, (int)(((ulong)random * (uint)places.Length) >> 32));
    }

    /// <summary>Makes room for so many entries at once.</summary>
    public void Reserve(int count)
    {
        if ((count + 1L) * 3 > _places.Length * 2L)
        {
            Rebuild(count);
        }
    }

    /// <summary>Adds an entry, in the place of the one with the same key if there is one.</summary>
    public void Put(Entry entry)
    {
        TKey key = TKeyOf.Of(entry);
        // At least one place stays null: it ends searches.
        if ((_used + 1) * 3 > _places.Length * 2)
        {
            Rebuild(_count + 1);
        }

        Entry?[] places = _places;
        int place = HomeOf(key, places);
        int mark = -1;
        while (places[place] is { } present)
        {
            if (present == _removed)
            {
                mark = mark < 0 ? place : mark;
            }
            else if (TKeyOf.Of(present).Equals(key))
            {
                Volatile.Write(ref places[place], entry);
                return;
            }

            place = Next(place, places);
        }

        _used += mark < 0 ? 1 : 0;
        Volatile.Write(ref places[mark < 0 ? place : mark], entry);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Removes this very entry. False when it is not in the table.</summary>
    public bool Remove(Entry entry)
    {
        Entry?[] places = _places;
        if (places.Length == 0)
        {
            return false;
        }

        int place = HomeOf(TKeyOf.Of(entry), places);
        while (places[place] != entry)
        {
            if (places[place] is null)
            {
                return false;
            }

            place = Next(place, places);
        }

        Volatile.Write(ref places[place], _removed);
        Volatile.Write(ref _count, _count - 1);
        if (places.Length > SmallestLength && _count * 5 < places.Length)
        {
            Rebuild(_count);
        }
        else
        {
            Sweep(places, place);
        }

        return true;
    }

    /// <summary>Bytes of an array of so many places; the empty one is shared by all.</summary>
    private static long BytesOf(int length) => length == 0 ? 0 : ArrayBytes + ((long)length * IntPtr.Size);

    // By the hash's upper bits, so that the length is free.
    private static int HomeOf(TKey key, Entry?[] places) =>
        (int)Math.BigMul(TKeyOf.Hash(key), (ulong)places.Length, out _);

    private static int Next(int place, Entry?[] places) => place + 1 == places.Length ? 0 : place + 1;

    private static int Previous(int place, Entry?[] places) => place == 0 ? places.Length - 1 : place - 1;

    private static Entry? SampleFrom(Entry?[] places, int first)
    {
        for (int i = 0, place = first; i < places.Length; i++, place = Next(place, places))
        {
            if (Volatile.Read(ref places[place]) is { } entry && entry != _removed)
            {
                return entry;
            }
        }

        return null;
    }

    // Marks with nothing behind them keep nobody's search going: no entry that is there began before them and lies beyond.
    private void Sweep(Entry?[] places, int place)
    {
        if (places[Next(place, places)] is not null)
        {
            return;
        }

        while (places[place] == _removed)
        {
            Volatile.Write(ref places[place], null);
            _used--;
            place = Previous(place, places);
        }
    }

    private void Rebuild(int count)
    {
        // Two fifths full: it takes over at two thirds, and gives way below a fifth.
        var places = new Entry?[Math.Max(SmallestLength, (int)((count * 5L) / 2))];
        foreach (Entry entry in Entries)
        {
            int place = HomeOf(TKeyOf.Of(entry), places);
            while (places[place] is not null)
            {
                place = Next(place, places);
            }

            places[place] = entry;
        }

        _used = _count;
        Volatile.Write(ref _places, count == 0 ? [] : places);
    }
}

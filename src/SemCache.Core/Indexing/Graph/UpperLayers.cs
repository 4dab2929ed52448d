using System.Runtime.CompilerServices;

namespace SemCache.Core.Indexing.Graph;

/// <summary>
/// The neighbourhoods above layer 0: one node in M has any. Pieces of a fixed size hold one neighbourhood each; a
/// node's pieces are chained from layer 1 upwards.
/// </summary>
/// <remarks>
/// A piece names its owner and layer: a search that follows a link to a node whose piece was given to another meanwhile
/// finds out, and takes the neighbourhood for empty. Pieces are made and freed under a lock, and never move.
/// </remarks>
internal sealed class UpperLayers(int width)
{
    private const int Owner = 0;
    private const int Layer = 1;
    private const int Above = 2;
    private const int Header = 3;
    private const int ChunkBits = 8;
    private const int ChunkPieces = 1 << ChunkBits;

    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new(0);
    private readonly int _pieceLength = Header + width;
    private volatile int[][] _chunks = [];
    private int _used;

    public long Bytes => ((long)_chunks.Length * ChunkPieces * _pieceLength * sizeof(int)) + (_free.Count * sizeof(int));

    /// <summary>Bytes of the pieces that are in use.</summary>
    public long UsedBytes => (long)(Volatile.Read(ref _used) - _free.Count) * _pieceLength * sizeof(int);

    /// <summary>Makes the pieces of a node's layers 1 to <paramref name="level"/>, empty.</summary>
    /// <returns>The piece of layer 1; −1 when there is none.</returns>
    public int Allocate(int slot, int level)
    {
        int above = -1;
        for (int layer = level; layer > 0; layer--)
        {
            int piece = Take();
            Span<int> values = _chunks[piece >> ChunkBits].AsSpan((piece & (ChunkPieces - 1)) * _pieceLength, _pieceLength);
            values[Header..].Fill(-1);
            values[Above] = above;
            values[Layer] = layer;
            Volatile.Write(ref values[Owner], slot);
            above = piece;
        }

        return above;
    }

    /// <summary>Gives all pieces of a node back.</summary>
    public void Free(int piece)
    {
        lock (_gate)
        {
            while (piece >= 0)
            {
                ref int first = ref Piece(_chunks, piece);
                Volatile.Write(ref Unsafe.Add(ref first, Owner), -1);
                _free.Push(piece);
                piece = Unsafe.Add(ref first, Above);
            }
        }
    }

    /// <summary>The first of a node's places on a layer; a null reference when it has none there.</summary>
    public ref int Places(int piece, int slot, int layer)
    {
        int[][] chunks = _chunks;
        while ((uint)piece < (uint)(chunks.Length << ChunkBits))
        {
            ref int first = ref Piece(chunks, piece);
            if (Volatile.Read(ref Unsafe.Add(ref first, Owner)) != slot)
            {
                break;
            }

            if (Unsafe.Add(ref first, Layer) == layer)
            {
                return ref Unsafe.Add(ref first, Header);
            }

            piece = Unsafe.Add(ref first, Above);
        }

        return ref Unsafe.NullRef<int>();
    }

    private ref int Piece(int[][] chunks, int piece) =>
        ref chunks[piece >> ChunkBits][(piece & (ChunkPieces - 1)) * _pieceLength];

    private int Take()
    {
        lock (_gate)
        {
            if (_free.TryPop(out int piece))
            {
                return piece;
            }

            if (_used == _chunks.Length << ChunkBits)
            {
                int[] chunk = new int[ChunkPieces * _pieceLength];
                Array.Fill(chunk, -1);
                _chunks = [.. _chunks, chunk];
            }

            return _used++;
        }
    }
}

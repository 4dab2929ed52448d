namespace SemCache.Core.Embeddings.Onnx;

/// <summary>
/// Token ids of several prompts as a rectangle: shorter ones are filled up, and a mask tells which cells count.
/// </summary>
internal static class PaddedTokens
{
    /// <summary>Tokens of the longest prompt.</summary>
    public static int Longest(ReadOnlySpan<int[]> prompts)
    {
        int longest = 0;
        foreach (int[] ids in prompts)
        {
            longest = Math.Max(longest, ids.Length);
        }

        return longest;
    }

    /// <summary>Fills [prompts, width] cells of ids and of the mask (1 = token, 0 = padding).</summary>
    public static void Fill(ReadOnlySpan<int[]> prompts, int width, long padding, Span<long> ids, Span<long> mask)
    {
        for (int row = 0; row < prompts.Length; row++)
        {
            int[] tokens = prompts[row];
            int start = row * width;
            for (int i = 0; i < width; i++)
            {
                ids[start + i] = i < tokens.Length ? tokens[i] : padding;
                mask[start + i] = i < tokens.Length ? 1 : 0;
            }
        }
    }
}

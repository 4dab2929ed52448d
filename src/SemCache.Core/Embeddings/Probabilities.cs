namespace SemCache.Core.Embeddings;

/// <summary>What a verifier's answers must be.</summary>
internal static class Probabilities
{
    // Calibration ends in a sum of single-precision numbers, which may miss the ends of its range by this much.
    private const float Rounding = 1e-5f;

    /// <summary>The same probabilities, brought into 0…1 where rounding has missed it.</summary>
    /// <exception cref="InvalidDataException">One is no probability.</exception>
    public static float[] Checked(float[] probabilities)
    {
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] is >= -Rounding and <= 1 + Rounding))
            {
                throw new InvalidDataException(
                    $"it answered {probabilities[i]} where a probability from 0 to 1 belongs");
            }

            probabilities[i] = Math.Clamp(probabilities[i], 0, 1);
        }

        return probabilities;
    }
}

using SemCache.Core;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>Mixes texts that must miss into a stream, at places that a seed decides.</summary>
internal static class Noise
{
    public const string ClassName = "noise";

    /// <summary>The stream in its own order, with noise texts between its prompts.</summary>
    /// <param name="stream">The prompts that are measured.</param>
    /// <param name="noise">Raw texts; those that the stream asks itself are left out.</param>
    /// <param name="count">How many of them, drawn by chance; null for as many as the stream has prompts.</param>
    /// <param name="seed">Decides which texts and where.</param>
    /// <exception cref="UsageException">The file has other lines, or fewer texts than asked for.</exception>
    public static IReadOnlyList<Asked> Mix(IReadOnlyList<Asked> stream, DataFile noise, int? count, int seed)
    {
        var asked = stream.Select(prompt => prompt.Shown).ToHashSet();
        string[] texts = [.. TextsOf(noise).Select(line => line.Text).Distinct()
            .Where(text => !asked.Contains(text))];
        if (texts.Length < count)
        {
            throw new UsageException($"--noise-count {count}: {noise.Name} has {texts.Length} texts to choose from.");
        }

        var random = new Random(seed);
        random.Shuffle(texts);
        texts = texts[..Math.Min(count ?? stream.Count, texts.Length)];
        var isNoise = new bool[stream.Count + texts.Length];
        isNoise.AsSpan(0, texts.Length).Fill(true);
        random.Shuffle(isNoise);

        var firstClass = stream.Count == 0 ? 0 : stream.Max(prompt => prompt.Class) + 1;
        var (nextOfStream, nextOfNoise) = (0, 0);
        return [.. isNoise.Select(drawn => drawn
            ? new Asked(Prompt.FromText(texts[nextOfNoise]), firstClass + nextOfNoise++, ClassName)
            : stream[nextOfStream++])];
    }

    private static IEnumerable<TextLine> TextsOf(DataFile noise) => noise.Lines[0] is TextLine
        ? noise.Lines.Cast<TextLine>()
        : throw new UsageException($"--noise needs lines {{\"text\"}}, but {noise.Name} has {noise.Kind}.");
}

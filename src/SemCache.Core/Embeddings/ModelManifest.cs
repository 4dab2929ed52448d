using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SemCache.Core.Embeddings;

/// <summary>How token vectors become one sentence vector.</summary>
internal enum Pooling
{
    /// <summary>The model's output is the sentence vector.</summary>
    None,

    /// <summary>The mean of the token vectors that the attention mask covers.</summary>
    Mean,

    /// <summary>The vector of the first token.</summary>
    Cls,
}

/// <summary>
/// What a model folder's <c>manifest.json</c> says. The folder also holds <c>model.onnx</c>, the tokeniser's file and,
/// if the manifest describes one, a verifier.
/// </summary>
internal sealed record ModelManifest
{
    public const string FileName = "manifest.json";
    public const string ModelFile = "model.onnx";
    public const string VocabularyFile = "vocab.txt";
    public const string SentencePieceFile = "sentencepiece.bpe.model";
    public const int MinDimension = 32;
    public const int MaxDimension = 4096;
    public const int MinWindow = 3;
    public const int MaxWindow = 131_072;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>The model's name, for logs and statistics.</summary>
    public required string Name { get; init; }

    /// <summary>Components of a vector, 32…4,096.</summary>
    public required int Dimension { get; init; }

    /// <summary>Most tokens that the embedder reads, special tokens included, 3…131,072.</summary>
    public required int Window { get; init; }

    /// <summary>What the encoder is, and so what runs it.</summary>
    public ModelArchitecture Architecture { get; init; }

    /// <summary>How token vectors become one sentence vector.</summary>
    public required Pooling Pooling { get; init; }

    /// <summary>Whether the vectors must be brought to unit length.</summary>
    public required bool Normalize { get; init; }

    /// <summary>Which tokeniser the model was trained with.</summary>
    public TokenizerKind Tokenizer { get; init; }

    /// <summary>Whether texts are lower-cased and their accents stripped before tokenising; only BERT's can.</summary>
    public required bool LowerCase { get; init; }

    /// <summary>Put in front of every prompt; some encoders were trained with one.</summary>
    public string QueryPrefix { get; init; } = "";

    /// <summary>
    /// Lowest similarity of a semantic hit where no verifier judges it, −1…1, for namespaces that configure none.
    /// </summary>
    public double Threshold { get; init; } = NamespaceSettings.DefaultThreshold;

    /// <summary>The model that reads both prompts; null when there is none.</summary>
    public VerifierManifest? Verifier { get; init; }

    /// <summary>The licence that the model is under.</summary>
    public required string Licence { get; init; }

    /// <summary>Where the model is from.</summary>
    public required string Source { get; init; }

    /// <summary>SHA-256 of each file, hexadecimal.</summary>
    public required IReadOnlyDictionary<string, string> Sha256 { get; init; }

    /// <summary>The file that the tokeniser reads.</summary>
    [JsonIgnore]
    public string TokenizerFile => Tokenizer == TokenizerKind.Bert ? VocabularyFile : SentencePieceFile;

    /// <summary>Reads and checks the manifest of a model folder, and the hashes of the files beside it.</summary>
    /// <exception cref="CacheStartupException">Something is missing or wrong; one sentence says what.</exception>
    public static ModelManifest Load(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new CacheStartupException($"The model folder {folder} (SemCache:Model:Path) does not exist.");
        }

        ModelManifest manifest = Parse(Path.Combine(folder, FileName));
        Check(folder, "dimension", manifest.Dimension, MinDimension, MaxDimension);
        Check(folder, "window", manifest.Window, MinWindow, MaxWindow);
        if (!(manifest.Threshold is >= -1 and <= 1))
        {
            throw new CacheStartupException(string.Create(
                CultureInfo.InvariantCulture,
                $"The manifest of the model in {folder} has threshold {manifest.Threshold}; allowed is -1 to 1."));
        }

        if (manifest.Verifier?.Mistake() is { } mistake)
        {
            throw new CacheStartupException($"The manifest of the model in {folder} is wrong: {mistake}.");
        }

        if (manifest is { Tokenizer: TokenizerKind.XlmRoberta, LowerCase: true })
        {
            throw new CacheStartupException(
                $"The manifest of the model in {folder} has lowerCase true; with tokenizer xlmRoberta it must be "
                + "false.");
        }

        if (manifest is { Architecture: ModelArchitecture.Static, Pooling: not Pooling.None })
        {
            throw new CacheStartupException(
                $"The manifest of the model in {folder} has pooling {manifest.Pooling}; with architecture static it must "
                + "be none.");
        }

        string[] files =
            [ModelFile, manifest.TokenizerFile, .. manifest.Verifier is { } verifier ? [verifier.File] : (string[])[]];
        foreach (string file in files)
        {
            CheckHash(folder, file, manifest.Sha256);
        }

        return manifest;
    }

    /// <summary>What a <c>manifest.json</c> of this content holds, in UTF-8.</summary>
    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, _json), (byte)'\n'];

    /// <summary>Reads a manifest, without a look at the files that it describes.</summary>
    /// <exception cref="CacheStartupException">It cannot be read, or is no manifest.</exception>
    public static ModelManifest Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelManifest>(File.ReadAllBytes(path), _json)
                ?? throw new CacheStartupException($"The model manifest {path} is empty.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CacheStartupException($"The model manifest {path} cannot be read: {exception.Message}", exception);
        }
        catch (JsonException exception)
        {
            throw new CacheStartupException($"The model manifest {path} is wrong: {exception.Message}", exception);
        }
    }

    private static void Check(string folder, string field, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            throw new CacheStartupException(
                $"The manifest of the model in {folder} has {field} {value}; allowed is {min} to {max}.");
        }
    }

    private static void CheckHash(string folder, string file, IReadOnlyDictionary<string, string> expected)
    {
        string path = Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            throw new CacheStartupException($"The model file {path} is missing.");
        }

        if (!expected.TryGetValue(file, out string? hash))
        {
            throw new CacheStartupException($"The manifest of the model in {folder} has no sha256 for {file}.");
        }

        using FileStream stream = File.OpenRead(path);
        string actual = Convert.ToHexString(SHA256.HashData(stream));
        if (!actual.Equals(hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new CacheStartupException(
                $"The model file {path} is not the one that its manifest describes: its SHA-256 is "
                + $"{actual.ToLowerInvariant()} instead of {hash}.");
        }
    }
}

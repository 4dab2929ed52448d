using SemCache.Core.Embeddings;

namespace SemCache.Cli.Models;

/// <summary>A well-known encoder: where its files are, and what a <c>manifest.json</c> must say of it.</summary>
internal sealed record CatalogueModel
{
    public required string Name { get; init; }

    /// <summary>One sentence for who has to choose.</summary>
    public required string Description { get; init; }

    public required string Languages { get; init; }

    public required int Dimension { get; init; }

    /// <summary>Most tokens that the model reads as its authors use it, special tokens included.</summary>
    public required int Window { get; init; }

    public required Pooling Pooling { get; init; }

    public required bool Normalize { get; init; }

    public required TokenizerKind Tokenizer { get; init; }

    public required bool LowerCase { get; init; }

    public required string QueryPrefix { get; init; }

    public required string Licence { get; init; }

    /// <summary>The repository as the mirror names it: <c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>The commit in that repository, 40 hexadecimal digits. A name like <c>main</c> would move.</summary>
    public required string Revision { get; init; }

    /// <summary>What to know before the model is used.</summary>
    public string? Notes { get; init; }

    public required IReadOnlyList<CatalogueFile> Files { get; init; }

    /// <summary>Bytes of all files; null when the size of one is not known.</summary>
    public long? Size => Files.All(file => file.Size is not null) ? Files.Sum(file => file.Size) : null;

    /// <summary>Whether the hash of every file is known beforehand.</summary>
    public bool IsPinned => Files.All(file => file.Sha256 is not null);

    /// <summary>Where a file is, relative to the mirror.</summary>
    public string AddressOf(CatalogueFile file) =>
        $"{file.Repository ?? Repository}/resolve/{file.Revision ?? Revision}/{file.Path}";

    /// <summary>The manifest of a folder that holds the files with these hashes.</summary>
    public ModelManifest Manifest(IReadOnlyDictionary<string, string> sha256) => new()
    {
        Name = Name,
        Dimension = Dimension,
        Window = Window,
        Pooling = Pooling,
        Normalize = Normalize,
        Tokenizer = Tokenizer,
        LowerCase = LowerCase,
        QueryPrefix = QueryPrefix,
        Licence = Licence,
        Source = $"{Repository}@{Revision}",
        Sha256 = sha256,
    };
}

/// <summary>A file of a model.</summary>
internal sealed record CatalogueFile
{
    /// <summary>What it is called in the model's folder.</summary>
    public required string Name { get; init; }

    /// <summary>Its path in the repository.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes; null when nobody has written them down.</summary>
    public required long? Size { get; init; }

    /// <summary>SHA-256, hexadecimal; null when nobody has written it down: the file is <em>unpinned</em>.</summary>
    public required string? Sha256 { get; init; }

    /// <summary>The repository, when it is not the model's.</summary>
    public string? Repository { get; init; }

    /// <summary>The commit in <see cref="Repository"/>.</summary>
    public string? Revision { get; init; }
}

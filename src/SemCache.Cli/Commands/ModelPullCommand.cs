using System.CommandLine;
using System.CommandLine.Parsing;
using SemCache.Cli.Models;
using SemCache.Cli.Models.Download;
using SemCache.Cli.Options;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache model pull</c></summary>
internal sealed class ModelPullCommand : CliCommand
{
    public const string MirrorVariable = "SEMCACHE_MODEL_MIRROR";
    private const string DefaultMirror = "https://huggingface.co";
    private const int MostRetries = 1_000;

    private readonly Argument<string> _name = new("NAME") { Description = "A model that semcache model list shows" };
    private readonly Option<string> _into = new("--into")
    {
        Description = "Folder that gets the model's folder",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => ModelsFolder.Default,
    };

    private readonly Option<Uri> _mirror;
    private readonly Option<Uri?> _proxy = new("--proxy")
    {
        Description = "Proxy, like http://user:password@host:3128 [default: HTTPS_PROXY and the like]",
        HelpName = "URL",
        CustomParser = result => ParseAddress(result, result.Tokens[0].Value, "--proxy"),
    };

    private readonly Option<int?> _retries = CommonOptions.Number<int>(
        "--retries", "N",
        $"Attempts after one that brought nothing, 0 to {MostRetries} [default: {DownloadSettings.DefaultRetries}]",
        0, MostRetries);

    private readonly Option<bool> _acceptUnpinned = new("--accept-unpinned")
    {
        Description = "Take files whose hash is not known as they come, and write their hash down",
    };

    public ModelPullCommand(CliContext context)
        : base(
            "pull",
            "Downloads an encoder at a fixed revision and checks its hashes. An interrupted pull continues where it "
                + "stopped when it is run again. --timeout is the longest wait for the next bytes.",
            context)
    {
        _mirror = new Option<Uri>("--mirror")
        {
            Description = "Address that files are at, as MIRROR/OWNER/NAME/resolve/REVISION/FILE; the environment "
                + $"variable {MirrorVariable} sets another default",
            HelpName = "URL",
            CustomParser = result => ParseAddress(result, result.Tokens[0].Value, "--mirror")!,
            DefaultValueFactory = result => context.Environment.Variable(MirrorVariable) is { Length: > 0 } address
                ? ParseAddress(result, address, $"The environment variable {MirrorVariable}")!
                : new Uri(DefaultMirror),
        };
        Add(_name);
        Add(_into);
        Add(_mirror);
        Add(_proxy);
        Add(_retries);
        Add(_acceptUnpinned);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache model pull all-MiniLM-L6-v2-int8",
        "semcache model pull bge-small-en-v1.5 --into /var/lib/semcache/models",
        "semcache model pull gte-small --mirror https://models.example.com/hf --proxy http://proxy:3128",
    ];

    public override IReadOnlyList<int> ExitCodes =>
    [
        ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Unavailable, ExitCode.Refused, ExitCode.Interrupted,
    ];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var name = parse.GetRequiredValue(_name);
        var model = Catalogue.Load().Find(name)
            ?? throw new UsageException($"There is no model {name} in the catalogue; semcache model list shows all.");
        var timeout = Context.Global.GetTimeout(parse);
        var settings = DownloadSettings.Of(parse.GetValue(_retries) ?? DownloadSettings.DefaultRetries, timeout);
        using var client = new MirrorClient(parse.GetValue(_proxy), timeout, Environment.Time);
        var pull = new ModelPull(
            new FileDownload(client, settings, Environment.Time), parse.GetRequiredValue(_mirror));

        var json = WantsJson(parse);
        var pulled = default(PulledModel)!;
        var progress = new ProgressDisplay(Environment, json, (bytes, elapsed) => Transferred.Describe(bytes, model.Size, elapsed));
        try
        {
            await progress.RunAsync(
                "Downloading",
                () => new(pull.Here, model.Size is { } size ? Math.Min(1, (double)pull.Here / size) : null),
                async () => pulled = await pull.RunAsync(
                    model, parse.GetRequiredValue(_into), parse.GetValue(_acceptUnpinned), cancellationToken));
        }
        catch (Exception exception) when (
            !json && pull.Here > 0 && exception is not DownloadException { IsFinal: true })
        {
            await Environment.Error.WriteLineAsync("What has come is kept; run the same command again to continue.");
            throw;
        }

        if (json)
        {
            JsonOutput.Write(Environment, pulled);
        }
        else
        {
            Write(model, pulled);
        }

        return ExitCode.Ok;
    }

    private static Uri? ParseAddress(ArgumentResult result, string text, string origin)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        result.AddError($"{origin} must be an address like {DefaultMirror}, not '{text}'.");
        return null;
    }

    private void Write(CatalogueModel model, PulledModel pulled)
    {
        Environment.Out.WriteLine(pulled.AlreadyThere
            ? $"{pulled.Model} is in {pulled.Folder} already, and sound."
            : $"{pulled.Model} is in {pulled.Folder} (licence {model.Licence}).");
        foreach (var file in pulled.TrustedOnFirstUse)
        {
            Environment.Out.WriteLine($"Its {file} was taken as it came; its SHA-256 is {pulled.Sha256[file]}.");
        }

        if (model.Notes is { } notes)
        {
            Environment.Out.WriteLine($"{notes}.");
        }

        Environment.Out.WriteLine($"Use it with: semcache model use {pulled.Folder}");
    }
}

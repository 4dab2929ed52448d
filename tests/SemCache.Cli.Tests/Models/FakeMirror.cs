using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace SemCache.Cli.Tests.Models;

/// <summary>A file server on a free port that misbehaves on demand: each trick is played on one request.</summary>
internal sealed class FakeMirror : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly Dictionary<string, byte[]> _files = [];
    private readonly ConcurrentQueue<Func<HttpContext, byte[], Task>> _tricks = new();

    private FakeMirror()
    {
        // An empty builder: any other reads the appsettings.json that the server under test has left here.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public Uri Address => new(_server.Urls.First());

    /// <summary>What was asked for, in order: the target, then Range and If-Range where they were sent.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The version that the files have.</summary>
    public string? ETag { get; set; } = "\"v1\"";

    public static async Task<FakeMirror> StartAsync()
    {
        var mirror = new FakeMirror();
        await mirror._server.StartAsync();
        return mirror;
    }

    public void Add(string path, byte[] content) => _files[path] = content;

    /// <summary>The next request is answered in this way instead.</summary>
    public void Play(Func<HttpContext, byte[], Task> trick) => _tricks.Enqueue(trick);

    public void PlayStatus(int status, Action<IHeaderDictionary>? headers = null) => Play((context, _) =>
    {
        context.Response.StatusCode = status;
        headers?.Invoke(context.Response.Headers);
        return Task.CompletedTask;
    });

    /// <summary>The next answer announces the whole rest and breaks off after some bytes of it.</summary>
    public void PlayBreakAfter(int bytes) => Play(async (context, content) =>
    {
        var rest = Begin(context, content, ETag);
        // Kestrel ends the connection after what was written. An abort would reset it, and what is on the way with it.
        await context.Response.Body.WriteAsync(content.AsMemory(rest, bytes));
    });

    /// <summary>The next answer begins and then says nothing more until the client is gone.</summary>
    public Task PlaySilenceAfter(int bytes)
    {
        var silent = new TaskCompletionSource();
        Play(async (context, content) =>
        {
            var rest = Begin(context, content, ETag);
            await context.Response.Body.WriteAsync(content.AsMemory(rest, bytes));
            await context.Response.Body.FlushAsync();
            silent.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        return silent.Task;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        // A proxy is asked for whole addresses, a server for paths.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = context.Request.Headers;
        string[] parts = [target, request.Range.ToString(), request.IfRange.ToString()];
        Requests.Enqueue(string.Join(' ', parts.Where(part => part.Length > 0)));
        if (!_files.TryGetValue(context.Request.Path.Value!, out var content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (_tricks.TryDequeue(out var trick))
        {
            await trick(context, content);
        }
        else
        {
            var rest = Begin(context, content, ETag);
            if (context.Response.StatusCode != StatusCodes.Status416RangeNotSatisfiable)
            {
                await context.Response.Body.WriteAsync(content.AsMemory(rest));
            }
        }
    }

    // The head of a proper answer; returns where in the content it begins.
    private static int Begin(HttpContext context, byte[] content, string? etag)
    {
        var asked = RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var range)
            ? (int)range.Ranges.Single().From!
            : 0;
        var condition = context.Request.Headers.IfRange.ToString();
        var from = condition.Length == 0 || condition == etag ? asked : 0;
        context.Response.Headers.ETag = etag;
        if (from > 0)
        {
            var satisfied = from < content.Length;
            context.Response.StatusCode =
                satisfied ? StatusCodes.Status206PartialContent : StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange =
                satisfied ? $"bytes {from}-{content.Length - 1}/{content.Length}" : $"bytes */{content.Length}";
        }

        context.Response.ContentLength = from < content.Length ? content.Length - from : 0;
        return Math.Min(from, content.Length);
    }
}

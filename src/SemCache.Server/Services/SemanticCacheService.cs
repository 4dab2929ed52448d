using Grpc.Core;
using SemCache.Core;
using SemCache.Server.Errors;
using SemCache.Server.Hosting;
using SemCache.Server.Mapping;
using SemCache.V1;

namespace SemCache.Server.Services;

/// <summary>The contract's SemanticCache service: maps, calls the engine, maps back.</summary>
[BindServiceMethod(typeof(SemanticCacheService), nameof(Bind))]
internal sealed class SemanticCacheService(Core.SemanticCache cache, ErrorInterceptor errors)
    : V1.SemanticCache.SemanticCacheBase
{
    /// <summary>The contract: JSON transcoding looks for it beside <see cref="Bind"/>, and has no routes without it.</summary>
    public static Google.Protobuf.Reflection.ServiceDescriptor Descriptor => V1.SemanticCache.Descriptor;

    /// <summary>Tells the host of the methods and of what reads and writes their messages.</summary>
    public static void Bind(ServiceBinderBase binder, V1.SemanticCache.SemanticCacheBase? service) =>
        V1.SemanticCache.BindService(new LookupResponseBinder(binder), service);

    public override Task<LookupResponse> Lookup(LookupRequest request, ServerCallContext context) =>
        cache.LookupAsync(request.ToQuery(context.Deadline), context.CancellationToken).AnswerAsync<LookupResult, LookupResponse>(
            context.IsTranscoded() ? ToContract.ToWholeResponse : ToContract.ToResponse, errors, context);

    public override async Task<StoreResponse> Store(StoreRequest request, ServerCallContext context) =>
        (await cache.StoreAsync(request.ToCommand(context.Deadline), context.CancellationToken)).ToResponse();

    public override async Task<InvalidateResponse> Invalidate(InvalidateRequest request, ServerCallContext context) =>
        new() { Count = await cache.InvalidateAsync(request.ToFilter(), context.CancellationToken) };

    public override Task<GetEntryResponse> GetEntry(GetEntryRequest request, ServerCallContext context)
    {
        CachedEntry entry = cache.GetEntry(request.Namespace, FieldParser.Id(request.EntryId, "entry_id"))
            ?? throw new EntryNotFoundException(request.EntryId);
        return Task.FromResult(new GetEntryResponse { Entry = entry.ToEntry() });
    }

    public override Task LookupMany(
        IAsyncStreamReader<LookupManyRequest> requestStream,
        IServerStreamWriter<LookupManyResponse> responseStream,
        ServerCallContext context) => AnswerManyAsync(
            requestStream,
            responseStream,
            async (item, token) =>
            {
                LookupQuery query = FieldParser.Required(item.Lookup, "lookup").ToQuery(context.Deadline, isBulk: true);
                return new LookupManyResponse { Found = (await cache.LookupAsync(query, token)).ToResponse() };
            },
            error => new LookupManyResponse { Error = error },
            context);

    public override Task StoreMany(
        IAsyncStreamReader<StoreManyRequest> requestStream,
        IServerStreamWriter<StoreManyResponse> responseStream,
        ServerCallContext context) => AnswerManyAsync(
            requestStream,
            responseStream,
            async (item, token) =>
            {
                StoreCommand command = FieldParser.Required(item.Store, "store").ToCommand(context.Deadline);
                return new StoreManyResponse { Stored = (await cache.StoreAsync(command, token)).ToResponse() };
            },
            error => new StoreManyResponse { Error = error },
            context);

    // An error of one item is an answer; only the end of the stream itself ends the stream.
    private async Task AnswerManyAsync<TItem, TAnswer>(
        IAsyncStreamReader<TItem> items,
        IServerStreamWriter<TAnswer> answers,
        Func<TItem, CancellationToken, Task<TAnswer>> answer,
        Func<ItemError, TAnswer> failed,
        ServerCallContext context)
    {
        using IDisposable place = cache.EnterStream();
        await OrderedStream.RunAsync(
            items,
            answers,
            cache.Limits.MaxStreamConcurrency,
            async (item, token) =>
            {
                try
                {
                    return await answer(item, token);
                }
                catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
                {
                    Google.Rpc.Status status = errors.StatusOf(exception, context);
                    return failed(new ItemError { Code = status.Code, Message = status.Message });
                }
            },
            context.CancellationToken);
    }
}

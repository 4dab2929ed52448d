using Grpc.Core;
using SemCache.Server.Mapping;
using SemCache.V1;

namespace SemCache.Server.Services;

/// <summary>Binds the methods of the contract; answers to lookups are written by <see cref="LookupResponseMarshaller"/>.</summary>
/// <remarks>Of the kinds that the contract has, unary and duplex; another kind would end the start with an exception.</remarks>
internal sealed class LookupResponseBinder(ServiceBinderBase inner) : ServiceBinderBase
{
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
        inner.AddMethod(WithMarshaller(method), handler);

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
        inner.AddMethod(WithMarshaller(method), handler);

    private static Method<TRequest, TResponse> WithMarshaller<TRequest, TResponse>(Method<TRequest, TResponse> method)
        where TRequest : class
        where TResponse : class
    {
        object? marshaller = method.ResponseMarshaller switch
        {
            Marshaller<LookupResponse> generated => LookupResponseMarshaller.Of(generated),
            Marshaller<LookupManyResponse> generated => LookupResponseMarshaller.Of(generated),
            _ => null,
        };
        return marshaller is Marshaller<TResponse> response
            ? new(method.Type, method.ServiceName, method.Name, method.RequestMarshaller, response)
            : method;
    }
}

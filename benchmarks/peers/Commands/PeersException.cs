namespace SemCache.Peers.Commands;

/// <summary>Nothing, or one peer less, could be measured, for a reason that whoever started the bench can remove.</summary>
internal sealed class PeersException(string message, Exception? inner = null) : Exception(message, inner);

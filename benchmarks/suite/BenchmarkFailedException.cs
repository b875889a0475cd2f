namespace Keyhole.Benchmarks;

/// <summary>Something cannot be measured or read: the message is the sentence that is shown.</summary>
internal sealed class BenchmarkFailedException(string message, Exception? innerException = null) : Exception(message, innerException);

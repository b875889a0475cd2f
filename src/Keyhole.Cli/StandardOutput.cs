using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Keyhole.Cli;

/// <summary>The process's standard output; tells the closed pipe of <c>| head</c> from other errors.</summary>
/// <remarks>
/// The framework's own stream drops what is written to a closed pipe without a word, so a long listing would be computed
/// to its end for nobody. Where standard output is a pipe, it is opened as one and a write to a closed pipe throws.
/// </remarks>
internal sealed class StandardOutput : Stream
{
    private const int StandardOutputHandle = 1;
    private readonly Stream _inner;

    private StandardOutput(Stream inner) => _inner = inner;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Opens the stream, buffered.</summary>
    public static Stream Open() => new BufferedStream(new StandardOutput(OpenPipe() ?? Console.OpenStandardOutput()), 1 << 16);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (IOException error) when (_inner is PipeStream)
        {
            throw new OutputClosedException(error);
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Neither kind of inner stream holds bytes back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    private static AnonymousPipeClientStream? OpenPipe()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        try
        {
            return new AnonymousPipeClientStream(PipeDirection.Out, new SafePipeHandle(StandardOutputHandle, ownsHandle: false));
        }
        catch (IOException)
        {
            return null; // Not a pipe: a file, a terminal, a device.
        }
    }
}

using System.Buffers.Binary;
using System.Text;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Safetensors files from a header written by hand.</summary>
internal static class SafetensorsText
{
    /// <summary>The header's length, the header, and so many bytes of data.</summary>
    public static byte[] Build(string header, int dataBytes)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, text.Length);
        text.CopyTo(file, 8);
        for (int i = 0; i < dataBytes; i++)
        {
            file[8 + text.Length + i] = (byte)i;
        }
        return file;
    }
}

using System.Globalization;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Models;

/// <summary>The list of a checkpoint's tensors.</summary>
internal static class TensorListing
{
    private const int SchemaVersion = 1;

    /// <summary>Prints it, as a table or as JSON.</summary>
    public static void Write(Checkpoint checkpoint, CommandConsole console)
    {
        if (console.Json)
        {
            WriteJson(checkpoint, console);
            return;
        }
        bool severalFiles = checkpoint.Files.Skip(1).Any();
        string[] columns = severalFiles ? ["tensor", "type", "shape", ">bytes", "file"] : ["tensor", "type", "shape", ">bytes"];
        console.WriteTable(columns, checkpoint.Tensors.Values.Select(tensor =>
        {
            List<string> row = [tensor.Name, tensor.TypeName, $"[{string.Join(", ", tensor.Shape)}]", tensor.ByteLength.ToString("N0", CultureInfo.InvariantCulture)];
            if (severalFiles)
            {
                row.Add(Path.GetFileName(tensor.File));
            }
            return row;
        }));
        long elements = checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount);
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Tensors.Count} tensors, {elements:N0} elements, {SizeText.Of(checkpoint.TotalBytes)} on disk"));
    }

    private static void WriteJson(Checkpoint checkpoint, CommandConsole console) => console.WriteJson(SchemaVersion, json =>
    {
        json.WriteString("path", checkpoint.Path);
        json.WriteNumber("totalBytes", checkpoint.TotalBytes);
        json.WriteStartArray("tensors");
        foreach (TensorInfo tensor in checkpoint.Tensors.Values)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", tensor.TypeName);
            json.WriteStartArray("shape");
            foreach (long dimension in tensor.Shape)
            {
                json.WriteNumberValue(dimension);
            }
            json.WriteEndArray();
            json.WriteString("file", tensor.File);
            json.WriteNumber("offset", tensor.Offset);
            json.WriteNumber("bytes", tensor.ByteLength);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}

using Keyhole.Compat;

namespace Keyhole.Exports;

/// <summary>The released code's numbers as JSON lines, in the form of its own records: one line a prefix, its field names, an array over the layers for each.</summary>
internal static class CompatLines
{
    private const double Done = 1;

    public static void Write(ExportRun run, IReadOnlyList<CompatTrace> prefixes, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (CompatTrace prefix in run.Each(JsonlExport.CompatFile, prefixes, prefixes.Count, Done, Done))
        {
            lines.Line(json =>
            {
                json.WriteNumber("sentence", prefix.Unit);
                json.WriteNumber("random_pos", prefix.Position);
                foreach ((string name, Func<CompatReading, object> value) in CompatFields.All)
                {
                    json.WriteStartArray(name);
                    foreach (CompatReading layer in prefix.Layers)
                    {
                        if (value(layer) is double probability)
                        {
                            json.WriteNumberValue(probability);
                        }
                        else
                        {
                            json.WriteNumberValue((int)value(layer));
                        }
                    }

                    json.WriteEndArray();
                }
            });
        }
    }
}

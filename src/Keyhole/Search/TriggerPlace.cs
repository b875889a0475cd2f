using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Search;

/// <summary>One trigger of a unit, seen from the unit.</summary>
/// <param name="Memory">Number of the memory in the study, from 0.</param>
/// <param name="Pole">The pole.</param>
/// <param name="Rank">Rank in the memory's list, from 0.</param>
/// <param name="Position">Last position of the prefix.</param>
internal readonly record struct TriggerPlace(int Memory, Pole Pole, int Rank, int Position)
{
    /// <summary>All triggers of a study by unit, the units ascending, the triggers of a unit by memory, pole and rank.</summary>
    public static IReadOnlyList<(int Unit, List<TriggerPlace> Places)> ByUnit(Study study, CancellationToken cancellation)
    {
        var units = new Dictionary<int, List<TriggerPlace>>();   // sorted at the end: there are millions of triggers in thousands of units
        int number = 0;
        foreach (MemoryRecord memory in study.Memories())
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (Pole pole in (Pole[])[Pole.Positive, Pole.Negative])
            {
                for (int rank = 0; rank < memory.Triggers(pole).Length; rank++)
                {
                    Trigger trigger = memory.Triggers(pole)[rank];
                    if (!units.TryGetValue(trigger.Unit, out List<TriggerPlace>? places))
                    {
                        units.Add(trigger.Unit, places = []);
                    }

                    places.Add(new TriggerPlace(number, pole, rank, trigger.Position));
                }
            }

            number++;
        }

        return [.. units.OrderBy(unit => unit.Key).Select(unit => (unit.Key, unit.Value))];
    }

    /// <summary>The triggers of one unit as bytes: for each LEB128 of 2 x (memory - memory before) + pole, of the rank and of the position.</summary>
    public static byte[] Write(IReadOnlyList<TriggerPlace> places)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        int before = 0;
        foreach (TriggerPlace place in places)
        {
            writer.Write7BitEncodedInt64((2L * (place.Memory - before)) + (int)place.Pole);
            writer.Write7BitEncodedInt(place.Rank);
            writer.Write7BitEncodedInt(place.Position);
            before = place.Memory;
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes end early.</exception>
    /// <exception cref="OverflowException">A number is too large.</exception>
    public static List<TriggerPlace> Read(ReadOnlySpan<byte> bytes)
    {
        var places = new List<TriggerPlace>();
        long memory = 0;
        while (!bytes.IsEmpty)
        {
            ulong head = Leb128.Read(ref bytes);
            memory = checked(memory + (long)(head >> 1));
            places.Add(new TriggerPlace(checked((int)memory), (head & 1) == 0 ? Pole.Positive : Pole.Negative, checked((int)Leb128.Read(ref bytes)), checked((int)Leb128.Read(ref bytes))));
        }

        return places;
    }
}

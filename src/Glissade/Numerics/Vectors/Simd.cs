using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics;

/// <summary>What a kernel may ask of a hardware vector; the width is chosen by the type argument, so each kernel is written once.</summary>
/// <remarks>
/// Multiply and add are contracted only where <see cref="FusedMultiplyAdd"/> is written.
/// Masks are vectors whose lanes have all bits set or none.
/// </remarks>
/// <typeparam name="TVector">The vector, such as <see cref="Vector256{T}"/>.</typeparam>
/// <typeparam name="T">The element, <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged, IFloatingPointIeee754<T>
{
    static abstract int Count { get; }

    static abstract TVector Load(T* source);

    static abstract void Store(TVector value, T* destination);

    /// <summary>Stores the first <paramref name="count"/> lanes, from 0 to all of them; what stands behind is left as it is.</summary>
    static abstract void StoreFirst(TVector value, T* destination, int count);

    static abstract TVector Create(T value);

    /// <summary>A vector of the double <paramref name="value"/>, rounded to the element type.</summary>
    static abstract TVector Constant(double value);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Subtract(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    static abstract TVector Divide(TVector x, TVector y);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector x, TVector y, TVector z);

    static abstract TVector Negate(TVector x);

    static abstract TVector Abs(TVector x);

    static abstract TVector Sqrt(TVector x);

    /// <summary>Whether <see cref="SqrtByProducts"/> is another way than <see cref="Sqrt"/>.</summary>
    static virtual bool HasSqrtByProducts => false;

    /// <summary>The bits of <see cref="Sqrt"/>, made by multiplying and adding: it takes longer, but leaves the divider to others.</summary>
    static virtual TVector SqrtByProducts(TVector x) => throw new NotSupportedException();

    static abstract TVector Floor(TVector x);

    /// <summary>IEEE 754-2019 maximum: NaN if either is NaN.</summary>
    static abstract TVector Max(TVector x, TVector y);

    /// <summary>IEEE 754-2019 minimum: NaN if either is NaN.</summary>
    static abstract TVector Min(TVector x, TVector y);

    /// <summary>x where it is greater than y, else y, with NaN and among equal numbers too: one instruction where <see cref="Max"/> takes several.</summary>
    static abstract TVector GreaterOrSecond(TVector x, TVector y);

    /// <summary>x where it is less than y, else y, with NaN and among equal numbers too.</summary>
    static abstract TVector LessOrSecond(TVector x, TVector y);

    /// <summary>0 where x is below it, else x: NaN and −0 stay what they are.</summary>
    static abstract TVector Rectify(TVector x);

    /// <summary>Whether <see cref="Scale"/> can be used.</summary>
    static abstract bool CanScale { get; }

    /// <summary>x·2ᵏ for integers k, rounded once.</summary>
    static abstract TVector Scale(TVector x, TVector k);

    /// <summary>Whether <see cref="MoveLanes"/> can be used.</summary>
    static abstract bool CanMoveLanes { get; }

    /// <summary>For each four bytes of the result the number, among its parts of four bytes, of the one that it is of x.</summary>
    static abstract TVector MoveLanes(TVector x, TVector lanes);

    /// <summary>x where it is a finite number, else y.</summary>
    static abstract TVector FiniteOr(TVector x, TVector y);

    /// <summary>x where the condition is positive, else 0: also where it is −0 or NaN.</summary>
    static abstract TVector WherePositive(TVector condition, TVector x);

    static abstract TVector GreaterThan(TVector x, TVector y);

    static abstract TVector GreaterThanOrEqual(TVector x, TVector y);

    static abstract TVector LessThan(TVector x, TVector y);

    static abstract TVector LessThanOrEqual(TVector x, TVector y);

    static abstract TVector Equal(TVector x, TVector y);

    static abstract TVector And(TVector x, TVector y);

    /// <summary>Lanes of <paramref name="yes"/> where the mask is set, of <paramref name="no"/> elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector yes, TVector no);

    /// <summary>Whether the mask is set in every lane.</summary>
    static abstract bool All(TVector mask);

    /// <summary>Magnitude of <paramref name="x"/> with the sign of <paramref name="sign"/>.</summary>
    static abstract TVector CopySign(TVector x, TVector sign);

    /// <summary>Lanes whose bits are the low bits of <paramref name="bits"/>: 32 of them for float, 64 for double.</summary>
    static abstract TVector ConstantBits(ulong bits);

    /// <summary>Sum of the lanes as integers of their own width, without regard to overflow.</summary>
    static abstract TVector AddBits(TVector x, TVector y);

    /// <summary>Difference of the lanes as integers of their own width, without regard to overflow.</summary>
    static abstract TVector SubtractBits(TVector x, TVector y);

    /// <summary>The bits of each lane moved up, zeros moving in.</summary>
    static abstract TVector ShiftLeftBits(TVector x, int count);

    /// <summary>The bits of each lane moved down, zeros moving in.</summary>
    static abstract TVector ShiftRightBits(TVector x, int count);
}

#!/usr/bin/env python3
"""Writes the NumPy files beside it; made with NumPy 1.24.2. What they hold is repeated, in numbers, in NumpyFilesTest."""
import io
import os
import struct
import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
values = np.array([[0, 1, 2], [3, 100, 5]])
for name in ('i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8'):
    for order in '<>':
        np.save(f'{"little" if order == "<" else "big"}_{name}.npy', values.astype(order + name))
np.save('negative_i2.npy', np.array([-1, -32768, 32767], '<i2'))
np.save('large_unsigned_u4.npy', np.array([4294967295, 0], '<u4'))
np.save('boolean.npy', np.array([[True, False], [False, True]]))
np.save('scalar.npy', np.float64(2.5))
np.save('empty_axis.npy', np.zeros((0, 3)))
np.save('fortran.npy', np.asfortranarray(np.arange(24, dtype='<f8').reshape(2, 3, 4)))
np.save('special_f2.npy', np.array([1.5, -2.0, np.inf, np.nan, 6e-8], '<f2'))
np.save('complex.npy', np.array([1j]))
np.save('objects.npy', np.array([None, 'text'], dtype=object))
np.save('records.npy', np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')]))
np.save('huge_integer.npy', np.array([2 ** 53 + 2], '<i8'))
np.savez('stored.npz', **{'S@1': np.arange(6.0).reshape(2, 3), 'V@1': np.float32(0.25)})
np.savez_compressed('deflated.npz', **{'S@1': np.arange(6.0).reshape(2, 3), 'S@2.3': np.ones(100, 'u1')})
for version in (2, 3):
    with open(f'version_{version}.npy', 'wb') as file:
        np.lib.format.write_array(file, np.array([1.0, 2.0, 3.0]), version=(version, 0))


def header(text, version=1):
    text = text.encode() + b'\n'
    return b'\x93NUMPY' + bytes([version, 0]) + struct.pack('<H' if version == 1 else '<I', len(text)) + text


open('python2_shape.npy', 'wb').write(
    header("{'shape': (2L, 1L), 'fortran_order': False, 'descr': '<f8'}") + struct.pack('<2d', 7, 8))
open('huge_shape.npy', 'wb').write(
    header("{'descr': '<f8', 'fortran_order': False, 'shape': (9000000000000000000, 9000000000000000000), }"))
open('large_shape.npy', 'wb').write(
    header("{'descr': '|u1', 'fortran_order': False, 'shape': (46000, 46000), }") + b'0123')
whole = io.BytesIO()
np.save(whole, np.arange(16.0).reshape(4, 4))
open('truncated.npy', 'wb').write(whole.getvalue()[:-1])
open('trailing.npy', 'wb').write(whole.getvalue() + b'xyz')
open('truncated_header.npy', 'wb').write(whole.getvalue()[:40])
archive = open('stored.npz', 'rb').read()
position = archive.index(struct.pack('<d', 5.0))
open('wrong_checksum.npz', 'wb').write(archive[:position] + b'\1' + archive[position + 1:])
open('truncated.npz', 'wb').write(archive[:-30])

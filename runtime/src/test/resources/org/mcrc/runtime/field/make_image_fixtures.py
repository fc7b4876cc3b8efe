#!/usr/bin/env python3
"""Writes the image files beside it; made with Pillow 9.4.0 and NumPy 1.24.2. What they hold is repeated in MicrostructureFilesTest."""
import os
import struct
import zlib
import numpy as np
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
# The structure in most of them: 2 rows of 3 pixels.
labels = np.array([[0, 1, 1], [1, 0, 0]], 'u1')
grey = Image.fromarray(labels * 255)
grey.save('grey8.png')
grey.convert('1').save('bilevel.png')
grey.convert('P').save('palette.png')
Image.fromarray(labels.astype('u2') * 65535).save('grey16.png')
Image.fromarray(labels * 100 + 20).convert('RGB').save('grey_as_rgb.png')
grey.convert('RGBA').save('opaque_rgba.png')
grey.convert('LA').save('opaque_la.png')
transparent = grey.convert('RGBA')
transparent.putpixel((2, 1), (0, 0, 0, 0))
transparent.save('transparent.png')
# Blue is darker than red, red darker than green.
colours = np.array([(0, 0, 255), (255, 0, 0), (0, 255, 0)], 'u1')
Image.fromarray(colours[[[0, 1, 2], [2, 0, 1]]]).save('colours.png')
Image.fromarray(np.array([[0, 100, 200], [200, 0, 100]], 'u1')).save('three_levels.png')
Image.fromarray(np.full((2, 2), 255, 'u1')).save('white.png')
Image.fromarray(np.zeros((2, 2), 'u1')).save('black.png')
ramp = Image.fromarray(np.arange(64, dtype='u1').reshape(8, 8) * 4)
ramp.save('ramp.png')
grey.save('grey8.bmp')
grey.convert('1').save('bilevel.bmp')
grey.convert('RGB').save('rgb.bmp')
grey.save('grey8.tif')
grey.save('lzw.tif', compression='tiff_lzw')
grey.save('deflate.tif', compression='tiff_adobe_deflate')
grey.convert('1').save('fax.tif', compression='group4')
grey.save('white_is_zero.tif', tiffinfo={262: 0})
Image.fromarray(labels.astype('f4') * 0.5 + 0.25).save('float.tif')
Image.fromarray(labels.astype('u2') * 1000).save('grey16.tif')
volume = [Image.fromarray(((labels + page) % 2 * 255).astype('u1')) for page in range(4)]
volume[0].save('pages.tif', save_all=True, append_images=volume[1:])
volume[0].save('unequal_pages.tif', save_all=True, append_images=[ramp])
grey.save('jpeg_named.png', format='jpeg')
grey.save('gif_named.png', format='gif')
open('text_named.png', 'w').write('These are words, not pixels.\n')
# A valid PNG header that announces 2^31 - 1 by 2^31 - 1 pixels.
body = b'IHDR' + struct.pack('>IIBBBBB', 2 ** 31 - 1, 2 ** 31 - 1, 8, 0, 0, 0, 0)
open('huge.png', 'wb').write(b'\x89PNG\r\n\x1a\n' + struct.pack('>I', 13) + body + struct.pack('>I', zlib.crc32(body)))

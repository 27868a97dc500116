// Home: scenes, what most people want, and the open list.

import type { Item } from '../../contract/catalogue.ts';
import type { ItemCard, ScreenOf } from '../../contract/view.ts';
import { hereAndNow } from '../apply/guide.ts';
import type { World } from '../events.ts';
import { pickUpHere, rowsPerPage, searchItems, visibleItems } from '../home.ts';
import type { Session, Step } from '../state.ts';

const popularCount = 4;

export const departmentName = (world: World, code: string): { zh: string; en: string } =>
  world.catalogue.departments.find((department) => department.code === code)?.name ?? { zh: code, en: code };

const cardOf = (item: Item, world: World): ItemCard => {
  const here = hereAndNow(item, world);
  // The first scene that an item names is the one that it belongs to most.
  const scene = world.catalogue.scenes.find(({ id }) => id === item.scenes[0]);
  return {
    code: item.code,
    name: item.name,
    official: item.officialName,
    department: departmentName(world, item.lead),
    picture: scene?.picture ?? 'work',
    isBundle: item.kind === 'bundle',
    ...(here.can === 'no' ? { unavailable: here.why ?? { zh: '现在不能办理', en: 'Not available now' } } : {}),
  };
};

export const homeScreen = (session: Session, step: Extract<Step, { type: 'home' }>, world: World): ScreenOf<'home'> => {
  const items = visibleItems(world);
  const popular = world.catalogue.popular
    .map((code) => items.find((item) => item.code === code))
    .filter((item) => item !== undefined)
    .slice(0, popularCount)
    .map((item) => cardOf(item, world));
  const pickUp = pickUpHere(world);
  const base: ScreenOf<'home'> = {
    type: 'home',
    scenes: world.catalogue.scenes.map((scene) => ({
      id: scene.id,
      name: scene.name,
      picture: scene.picture,
      count: items.filter((item) => item.scenes.includes(scene.id)).length,
    })),
    popular,
    queueAvailable: world.queue.businesses.length > 0,
    ...(pickUp ? { pickUp } : {}),
  };
  const { query, sceneId } = step;
  if (query === undefined && sceneId === undefined) return base;
  const found =
    query === undefined
      ? items
          .filter((item) => item.scenes.includes(sceneId ?? ''))
          .sort((a, b) => Number(b.kind === 'bundle') - Number(a.kind === 'bundle'))
      : searchItems(world, query);
  const rows = rowsPerPage[session.mode];
  const pages = Math.max(1, Math.ceil(found.length / rows));
  const page = Math.min(step.page, pages - 1);
  const scene = world.catalogue.scenes.find(({ id }) => id === sceneId);
  return {
    ...base,
    list: {
      title: scene?.name ?? { zh: '查找结果', en: 'Results' },
      ...(query === undefined ? {} : { query }),
      ...(sceneId === undefined ? {} : { sceneId }),
      items: found.slice(page * rows, (page + 1) * rows).map((item) => cardOf(item, world)),
      page,
      pages,
    },
  };
};

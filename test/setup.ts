// TypeGraphQL and TypeORM keep their decorators' metadata through this polyfill.
import 'reflect-metadata';
